// SPDX-License-Identifier: BSD-2-Clause
/* What a driver tells is heard, and a kernel that does not answer is not waited for without end. */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "capture/driver.h"
#include "tap.h"

#define HANGS_S 60 /* thirty times what is waited */

static bool lost; /* questions do not arrive */

/* Stands before the C library's, for the netlink library, too. */
ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to,
	       socklen_t size)
{
	return lost ? (ssize_t)length : syscall(SYS_sendto, fd, bytes, length, flags, to, size);
}

int main(void)
{
	struct driver driver = { .name = "x", .native_xdp = DRIVER_YES, .lro = DRIVER_YES };
	int err;

	alarm(HANGS_S);
	err = driver_ask(&driver, if_nametoindex("lo"), "lo");
	ok(!err && !driver.name[0] && driver.native_xdp != DRIVER_YES && driver.lro == DRIVER_NO,
	   "loopback has no driver that does XDP or merges");
	ok(driver_ask(&driver, 0x7ffffff0, "no-such-one") == -ENODEV,
	   "of an interface that is not there, the kernel's refusal is told");
	lost = true;
	ok(driver_ask(&driver, if_nametoindex("lo"), "lo") == -ETIMEDOUT,
	   "a question without an answer ends");
	return done();
}
