// SPDX-License-Identifier: BSD-2-Clause
/* When an interface is said to be blind: by what its programs counted when its driver did. */
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "capture/channel.h"
#include "run/run_capture.h"
#include "tap.h"

#define ETH0 7

static struct run_links *links;

static void watch(void)
{
	const struct channel_message message = { .kind = CHANNEL_WATCHED,
						 .ifindex = ETH0,
						 .name = "eth0" };

	memset(links, 0, sizeof(*links));
	run_links_take(links, &message, NULL);
}

/* Is it blind now, for the first time? */
static bool counted(uint64_t packets, uint64_t seen)
{
	const struct channel_message message = {
		.kind = CHANNEL_COUNTERS, .ifindex = ETH0, .packets = packets, .seen = seen
	};
	struct run_link *blind = NULL;

	return run_links_take(links, &message, &blind) && blind == links->links && blind->blind;
}

static void test_blind(void)
{
	watch();
	ok(!counted(1000000, 0), "what passed before we came is not what we have missed");
	ok(!counted(1000999, 0), "nor are fewer than a thousand packets");
	ok(counted(1002000, 0), "a thousand of which none was seen are");
	ok(!counted(1004000, 0) && links->links[0].blind, "that is said once");
	ok(!counted(1006000, 2000) && !links->links[0].blind, "until it sees again");
	ok(!counted(1016000, 2100), "offload makes one packet of many");
	ok(counted(1026000, 2199), "but not of more than a hundred");
}

/* A worker that is behind takes at once what was counted five seconds apart. */
static void test_behind(void)
{
	bool blind = false;

	watch();
	for (uint64_t i = 1; i <= 10; i++)
		blind |= counted(125000 * i, 124990 * i);
	ok(!blind, "a worker that reads ten counts at once does not take the interface for blind");
}

int main(void)
{
	log_set_level(LOG_ERROR);
	links = calloc(1, sizeof(*links));
	if (!links)
		abort();
	test_blind();
	test_behind();
	free(links);
	return done();
}
