// SPDX-License-Identifier: BSD-2-Clause
/* Capabilities and accounts, by libcap-ng. */
#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "base/privs.h"

#define DEFAULT_ACCOUNT "skua"
#define FALLBACK_ACCOUNT "nobody"

int privs_account_find(struct privs_account *out, const char *name)
{
	const struct passwd *account = getpwnam(name ? name : DEFAULT_ACCOUNT);

	if (!account && !name)
		account = getpwnam(FALLBACK_ACCOUNT);
	if (!account)
		return -ENOENT;
	*out = (struct privs_account){ .uid = account->pw_uid, .gid = account->pw_gid };
	capng_get_caps_process();
	out->change = account->pw_uid != geteuid() && account->pw_uid != 0 &&
		      capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) &&
		      capng_have_capability(CAPNG_EFFECTIVE, CAP_SETGID);
	return 0;
}

/* Nothing is gained by execution from now on.  Without CAP_SETPCAP the bounding set stays as it
 * is, which no_new_privs makes void. */
static int gain_nothing(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	capng_get_caps_process();
	if (!capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP))
		return 0;
	capng_clear(CAPNG_SELECT_BOUNDS);
	return capng_apply(CAPNG_SELECT_BOUNDS) ? -EPERM : 0;
}

int privs_keep(const int *capabilities, unsigned count)
{
	unsigned kept = 0;
	int err = gain_nothing();

	if (err)
		return err;
	capng_get_caps_process();
	for (unsigned i = 0; i < count; i++)
		if (capng_have_capability(CAPNG_PERMITTED, capabilities[i]))
			kept |= 1u << i;
	capng_clear(CAPNG_SELECT_CAPS);
	for (unsigned i = 0; i < count; i++)
		if (kept & 1u << i)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, capabilities[i]);
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

int privs_drop(const struct privs_account *account)
{
	int err = gain_nothing();

	if (err)
		return err;
	if (account->change &&
	    (setgroups(0, NULL) || setresgid(account->gid, account->gid, account->gid) ||
	     setresuid(account->uid, account->uid, account->uid)))
		return -errno;
	capng_clear(CAPNG_SELECT_CAPS);
	if (capng_apply(CAPNG_SELECT_CAPS))
		return -EPERM;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -errno : 0;
}
