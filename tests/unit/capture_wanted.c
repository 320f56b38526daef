// SPDX-License-Identifier: BSD-2-Clause
/* Which interfaces are wanted, and in which role. */
#include <errno.h>
#include <linux/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include "capture/wanted.h"
#include "tap.h"

#define NONE SKUA_ROLE_NONE
#define UPLINK SKUA_ROLE_UPLINK
#define WORKLOAD SKUA_ROLE_WORKLOAD
#define TAP SKUA_ROLE_TAP

static const struct link lo = { .name = "lo", .type = ARPHRD_LOOPBACK, .up = true };
static const struct link eth0 = { .name = "eth0", .type = ARPHRD_ETHER, .up = true };
static const struct link eth1 = { .name = "eth1", .type = ARPHRD_ETHER };
static const struct link tun0 = { .name = "tun0", .type = ARPHRD_NONE, .up = true, .kind = "tun" };
static const struct link can0 = { .name = "can0", .type = ARPHRD_CAN, .up = true };
#define VETH .name = "veth1", .type = ARPHRD_ETHER, .up = true, .kind = "veth"
static const struct link pod = { VETH, .peer_elsewhere = true };
static const struct link port = { VETH, .peer_elsewhere = true, .master = 7, .addressed = true };
static const struct link inside = { VETH, .peer_elsewhere = true, .addressed = true };
static const struct link local = { VETH };
static const struct link vlan = {
	.name = "eth0.7", .type = ARPHRD_ETHER, .kind = "vlan", .peer_elsewhere = true, .up = true
};

struct row {
	const char *patterns; /* with spaces between */
	const struct link *link;
	enum skua_role role;
	const char *sentence;
};

static const struct row rows[] = {
	{ "", &eth0, NONE, "nothing is wanted of its own accord" },
	{ "eth0", &eth0, UPLINK, "a name is wanted" },
	{ "eth0", &eth1, NONE, "another name is not" },
	{ "eth", &eth0, NONE, "half a name is none" },
	{ "eth1", &eth1, UPLINK, "a named link need not be up" },
	{ "eth*", &eth1, UPLINK, "neither need one that a glob names" },
	{ "eth?", &eth0, UPLINK, "a glob names by question marks" },
	{ "eth[1-9]", &eth0, NONE, "and by ranges" },
	{ "eth[1-9]", &eth1, UPLINK, "and by ranges, both ways" },
	{ "any", &eth0, UPLINK, "any is what is up" },
	{ "any", &eth1, NONE, "any is not what is down" },
	{ "any", &lo, NONE, "any is not loopback" },
	{ "any lo", &lo, TAP, "loopback is wanted when it is named; addresses tell sides" },
	{ "any=tap", &eth0, TAP, "any takes a role" },
	{ "eth0=tap", &eth0, TAP, "a name takes a role" },
	{ "eth0=workload", &eth0, WORKLOAD, "the role that was asked for, not that of its kind" },
	{ "veth*=uplink", &pod, UPLINK, "the same for a glob" },
	{ "eth0=tap any", &eth0, TAP, "a name goes before any, wherever it stands" },
	{ "eth0=tap eth*=uplink", &eth0, TAP, "a name goes before a glob" },
	{ "e*=tap any=uplink", &eth0, TAP, "a glob goes before any" },
	{ "eth0=tap eth0=uplink", &eth0, UPLINK, "of two names the later counts" },
	{ "e*=tap *0=workload", &eth0, WORKLOAD, "of two globs the later counts" },
	{ "eth0=tap eth0", &eth0, UPLINK, "also when it asks for no role" },
	{ "any=tap any", &eth0, UPLINK, "of two any the later counts" },
	{ "any", &pod, WORKLOAD, "host's side of a veth without an address is a workload's" },
	{ "any", &port, WORKLOAD, "so is one that is a port of a bridge" },
	{ "any", &inside, UPLINK, "the container's own end, which has an address, is not" },
	{ "any", &local, UPLINK, "nor is a veth whose other end is here" },
	{ "any", &vlan, UPLINK, "nor is a VLAN over a device of another namespace" },
	{ "any", &tun0, UPLINK, "a tunnel's raw IP can be read" },
	{ "any", &can0, NONE, "a CAN bus cannot" },
	{ "can0", &can0, NONE, "not even when it is named" },
};

static struct wanted wanted_of(const char *patterns)
{
	struct wanted wanted = { 0 };
	char error[WANTED_ERROR_SIZE];
	char *copy = strdup(patterns), *rest = copy, *text;

	while ((text = strsep(&rest, " "))) {
		if (*text && wanted_add(&wanted, text, error))
			printf("# %s\n", error);
	}
	free(copy);
	return wanted;
}

static void test_roles(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wanted wanted = wanted_of(rows[i].patterns);
		enum skua_role role = wanted_role(&wanted, rows[i].link);

		if (role != rows[i].role)
			printf("# %s\n", wanted_role_name(role));
		ok(role == rows[i].role, rows[i].sentence);
	}
}

static bool refuses(const char *text, const char *why)
{
	struct wanted wanted = { 0 };
	char error[WANTED_ERROR_SIZE] = "";
	bool good =
		wanted_add(&wanted, text, error) == -EINVAL && strstr(error, why) && !wanted.count;

	if (!good)
		printf("# %s\n", error);
	return good;
}

static void test_syntax(void)
{
	struct wanted wanted = { 0 };
	char error[WANTED_ERROR_SIZE], glob[WANTED_NAME_SIZE + 1] = "";
	int err = 0;

	ok(refuses("eth0=wan", "uplink, workload or tap"), "a role that does not exist is refused");
	ok(refuses("eth0=", "uplink, workload or tap"), "so is an empty one");
	ok(refuses("eth0=none", "uplink, workload or tap"), "and none is no role to ask for");
	ok(refuses("", "no interface can have this name"), "an empty name is refused");
	ok(refuses("=tap", "no interface can have this name"), "also before a role");
	ok(refuses("a/b", "no interface can have this name"), "a name with a slash is refused");
	ok(refuses("eth0 ", "no interface can have this name"), "so is one with a space");
	ok(refuses("sixteen-letters-", "15 bytes"), "a name of 16 bytes is refused");
	ok(refuses("\033[2J/", "'\\x1b[2J/'"), "what is refused is shown without harm");
	ok(!wanted_add(&wanted, "fifteen-letters", error), "a name of 15 bytes is taken");
	memset(glob, '*', WANTED_NAME_SIZE);
	ok(refuses(glob, "63 bytes"), "a glob of 64 bytes is refused");
	glob[WANTED_NAME_SIZE - 1] = 0;
	ok(!wanted_add(&wanted, glob, error), "a glob of 63 bytes is taken");
	while (wanted.count < WANTED_MAX && !err)
		err = wanted_add(&wanted, "eth*", error);
	ok(!err && wanted_add(&wanted, "eth0", error) == -E2BIG && wanted.count == WANTED_MAX,
	   "64 patterns are taken, the next is refused");
}

static bool check(const char *patterns, const struct link *links, uint32_t count, int expected,
		  const char *says)
{
	struct wanted wanted = wanted_of(patterns);
	char error[WANTED_ERROR_SIZE] = "";
	int err = wanted_check(&wanted, links, count, error);

	if (err != expected || strcmp(error, says))
		printf("# %d %s\n", err, error);
	return err == expected && !strcmp(error, says);
}

static void test_check(void)
{
	struct link links[11] = { lo, eth0, can0 };

	for (int i = 3; i < 11; i++)
		snprintf(links[i].name, LINK_NAME_SIZE, "veth%d", i);
	ok(check("eth0 ppp* any", links, 11, 0, ""), "a glob may wait for its links");
	ok(check("eth0 eth7", links, 3, -ENODEV,
		 "interface 'eth7': it does not exist; there is lo, eth0, can0"),
	   "a name that is not there is an error that says what is");
	ok(check("eth7", links, 11, -ENODEV,
		 "interface 'eth7': it does not exist; there is lo, eth0, can0, veth3, veth4, "
		 "veth5, veth6, veth7 and 3 more"),
	   "of many links eight are said");
	for (int i = 0; i < 11; i++)
		memset(links[i].name, '\001', LINK_NAME_SIZE - 1);
	ok(check("eth7", links, 11, -ENODEV,
		 "interface 'eth7': it does not exist; there is "
		 "\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01, "
		 "\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01, "
		 "\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01 "
		 "and 8 more"),
	   "names that are long when shown are said as long as they fit");
	ok(check("eth7", NULL, 0, -ENODEV,
		 "interface 'eth7': it does not exist, nor does any other"),
	   "where there is nothing, that is said");
	ok(check("can0", &can0, 1, -EPROTONOSUPPORT,
		 "interface 'can0': its frames are of a type that skua does not read"),
	   "a name that is there and cannot be read is an error");
}

static void test_layers(void)
{
	static const uint16_t raw[] = { ARPHRD_NONE,    ARPHRD_PPP, ARPHRD_RAWIP, ARPHRD_TUNNEL,
					ARPHRD_TUNNEL6, ARPHRD_SIT, ARPHRD_IPGRE, ARPHRD_IP6GRE };
	static const uint16_t other[] = { ARPHRD_INFINIBAND, ARPHRD_CAN,
					  ARPHRD_HDLC,       ARPHRD_IEEE80211,
					  ARPHRD_NETLINK,    ARPHRD_IEEE802154,
					  ARPHRD_VSOCKMON,   ARPHRD_IEEE80211_RADIOTAP };
	bool good = true;

	ok(wanted_layer(ARPHRD_ETHER) == SKUA_LINK_ETHERNET &&
		   wanted_layer(ARPHRD_LOOPBACK) == SKUA_LINK_ETHERNET,
	   "Ethernet and loopback begin with an Ethernet header");
	for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++)
		good &= wanted_layer(raw[i]) == SKUA_LINK_RAW;
	ok(good, "tunnels begin with IP");
	good = true;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		good &= wanted_layer(other[i]) == -1;
	ok(good, "other types are not read");
}

int main(void)
{
	test_roles();
	test_syntax();
	test_check();
	test_layers();
	return done();
}
