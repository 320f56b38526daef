// SPDX-License-Identifier: BSD-2-Clause
/* Each interface: what its driver can do, and who is attached already; see doctor.h. */
#include <errno.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "capture/driver.h"
#include "capture/links.h"
#include "capture/others.h"
#include "doctor/doctor.h"

#define AREA "interface"
#define OTHERS_TEXT 600

struct inspection {
	struct doctor *doctor;
	const struct link *link;
	char others[OTHERS_TEXT];
	size_t used;
	bool xdp;
};

static void on_other(void *arg, const struct other *other)
{
	struct inspection *in = arg;
	int n;

	in->xdp |= other->place <= OTHERS_XDP_OFFLOADED;
	n = snprintf(in->others + in->used, sizeof(in->others) - in->used, "%s%s %u: %s (id %u)",
		     in->used ? ", " : "", others_place_name(other->place), other->order,
		     other->name[0] ? other->name : "?", other->id);
	/* What does not fit is left out whole. */
	if (n > 0 && (size_t)n < sizeof(in->others) - in->used)
		in->used += n;
	else
		in->others[in->used] = 0;
}

static void attached(struct inspection *in)
{
	int err = others_list(in->link->ifindex, on_other, in);
	char found[OTHERS_TEXT + 100];

	if (err && !in->used)
		snprintf(found, sizeof(found), "%s: cannot be asked: %s", in->link->name,
			 strerror(-err));
	else
		snprintf(found, sizeof(found), "%s: %s", in->link->name,
			 in->used ? in->others : "nobody");
	doctor_say(in->doctor,
		   &(struct doctor_answer){
			   AREA, "attached", in->used ? DOCTOR_NOTE : DOCTOR_GOOD, found,
			   in->xdp ? "XDP is taken: skua uses tc there, and sees what that "
				     "program passes on"
			   : in->used
				   ? "skua takes its place before these (tcx), and displaces nobody"
				   : NULL });
}

static void driver(struct inspection *in)
{
	static const char *const words[] = {
		[DRIVER_UNKNOWN] = "not told", [DRIVER_NO] = "no", [DRIVER_YES] = "yes"
	};
	struct driver driver = { .name = "" };
	char found[200];
	bool merged;

	driver_ask(&driver, in->link->ifindex, in->link->name);
	merged = driver.lro == DRIVER_YES;
	snprintf(found, sizeof(found), "%s: driver %s, native XDP %s, LRO %s, MTU %u%s",
		 in->link->name, driver.name[0] ? driver.name : "not told",
		 words[driver.native_xdp], words[driver.lro], in->link->mtu,
		 in->link->up ? "" : ", down");
	doctor_say(in->doctor,
		   &(struct doctor_answer){
			   AREA, "driver", merged ? DOCTOR_WARN : DOCTOR_GOOD, found,
			   merged ? "packets arrive merged, and XDP is refused meanwhile: "
				    "ethtool -K IFACE lro off"
				  : NULL });
}

static void ignore(void *arg, enum link_change change, const struct link *link)
{
	(void)arg, (void)change, (void)link;
}

void doctor_links(struct doctor *doctor)
{
	const struct link *known;
	struct links *links = NULL;
	uint32_t count = 0;
	int err = links_open(&links);

	if (!err)
		err = links_poll(links, ignore, NULL);
	if (err)
		doctor_say(doctor,
			   &(struct doctor_answer){ AREA, "list", DOCTOR_BAD, strerror(-err),
						    "netlink must be allowed" });
	known = err ? NULL : links_known(links, &count);
	for (uint32_t i = 0; i < count; i++) {
		struct inspection in = { .doctor = doctor, .link = &known[i] };

		driver(&in);
		attached(&in);
	}
	links_close(links);
}
