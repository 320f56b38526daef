// SPDX-License-Identifier: BSD-2-Clause
/* Attaches the programs to one interface; see hook.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/if_link.h>
#include "capture/hook.h"
#include "capture/hook_clsact.h"
#include "capture/hook_link.h"

enum way { IN, OUT };

static const char *const way_names[] = { [IN] = "in", [OUT] = "out" };

const char *hook_name(enum hook hook)
{
	static const char *const names[HOOKS] = { "none", "xdp", "xdp-generic", "tc", "clsact" };

	return hook < HOOKS ? names[hook] : "?";
}

static int program_of(struct loader *loader, enum way way)
{
	return loader_program_fd(loader, way == IN ? LOADER_TC_INGRESS : LOADER_TC_EGRESS);
}

static int attach_tc(struct hooks *hooks, enum way way, struct loader *loader,
		     const struct hook_options *options)
{
	struct hook_link link = { .ifindex = hooks->ifindex,
				  .program = program_of(loader, way),
				  .type = way == IN ? HOOK_LINK_TCX_INGRESS : HOOK_LINK_TCX_EGRESS,
				  .pin_path = options->pin_path,
				  .pin_name = way_names[way] };
	uint32_t *priority = way == IN ? &hooks->in_priority : &hooks->out_priority;
	uint8_t *hook = way == IN ? &hooks->in : &hooks->out;
	int fd = -EOPNOTSUPP, err;

	if (link.program < 0)
		return link.program;
	if (options->choice != HOOK_WANT_CLSACT)
		fd = hook_link_attach(&link);
	if (fd >= 0) {
		*(way == IN ? &hooks->in_fd : &hooks->out_fd) = fd;
		*hook = HOOK_TCX;
		return 0;
	}
	if (!hook_link_lacks_tcx(fd))
		return fd;
	if (hooks->claim_fd < 0) {
		snprintf(hooks->note, sizeof(hooks->note),
			 "another agent watches it by clsact; tc has room for one");
		return -EBUSY;
	}
	err = hook_clsact_attach(hooks->ifindex, way == OUT, link.program, priority,
				 &hooks->made_qdisc);
	if (!err)
		*hook = HOOK_CLSACT;
	return err;
}

static int attach_xdp(struct hooks *hooks, bool generic, struct loader *loader,
		      const struct hook_options *options)
{
	struct hook_link link = { .ifindex = hooks->ifindex,
				  .program = loader_program_fd(loader, LOADER_XDP),
				  .type = HOOK_LINK_XDP,
				  .flags = generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE,
				  .pin_path = options->pin_path,
				  .pin_name = generic ? "xdp-generic" : "xdp" };
	int fd = link.program < 0 ? link.program : hook_link_attach(&link);

	if (fd < 0)
		return fd;
	hooks->in_fd = fd;
	hooks->in = generic ? HOOK_XDP_GENERIC : HOOK_XDP;
	return 0;
}

/* A forced XDP is an error where it cannot be; an automatic one gives way to tc. */
static int attach_in(struct hooks *hooks, struct loader *loader, const struct hook_options *options)
{
	bool generic = options->choice == HOOK_WANT_GENERIC;
	int err = -EOPNOTSUPP;

	if (generic || options->choice == HOOK_WANT_XDP ||
	    (options->choice == HOOK_AUTO && options->native))
		err = attach_xdp(hooks, generic, loader, options);
	else
		return attach_tc(hooks, IN, loader, options);
	if (!err)
		return 0;
	if (err == -EBUSY || err == -EEXIST)
		snprintf(hooks->note, sizeof(hooks->note), "another XDP program is attached");
	else
		snprintf(hooks->note, sizeof(hooks->note), "XDP is refused: %s", strerror(-err));
	return options->choice == HOOK_AUTO || err == -EBUSY || err == -EEXIST
		       ? attach_tc(hooks, IN, loader, options)
		       : err;
}

static void give_back(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int hooks_attach(struct hooks *hooks, int ifindex, struct loader *loader,
		 const struct hook_options *options)
{
	int err;

	*hooks = (struct hooks){ .ifindex = ifindex, .in_fd = -1, .out_fd = -1 };
	hooks->claim_fd = hook_clsact_claim(ifindex);
	if (hooks->claim_fd >= 0 && options->choice != HOOK_WANT_CLSACT)
		hook_clsact_clean(ifindex);
	err = options->sent_only ? 0 : attach_in(hooks, loader, options);
	if (!err)
		err = attach_tc(hooks, OUT, loader, options);
	if (err)
		hooks_detach(hooks, false);
	else if (hooks->in != HOOK_CLSACT && hooks->out != HOOK_CLSACT)
		give_back(&hooks->claim_fd);
	return err;
}

void hooks_detach(struct hooks *hooks, bool keep)
{
	if (!keep) {
		hook_link_detach(hooks->in_fd);
		hook_link_detach(hooks->out_fd);
	}
	give_back(&hooks->in_fd);
	give_back(&hooks->out_fd);
	if (hooks->in == HOOK_CLSACT && !keep)
		hook_clsact_detach(hooks->ifindex, false, hooks->in_priority, hooks->made_qdisc);
	if (hooks->out == HOOK_CLSACT && !keep)
		hook_clsact_detach(hooks->ifindex, true, hooks->out_priority, hooks->made_qdisc);
	if (hooks->made_qdisc && !keep)
		hook_clsact_remove(hooks->ifindex);
	give_back(&hooks->claim_fd);
	hooks->in = hooks->out = HOOK_NONE;
	hooks->made_qdisc = false;
}
