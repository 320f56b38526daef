// SPDX-License-Identifier: BSD-2-Clause
/* skua extcap: the agent's packets as an interface in Wireshark (extcap(4)), here or over ssh. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "client/extcap_ssh.h"
#include "option/options.h"
#include "serve/protocol.h"

#define INTERFACE "skua"

struct settings {
	bool list_interfaces, list_dlts, list_config, capture;
	const char *interface, *fifo, *filter, *version, *reload;
	const char *ssh;
	struct snapshot_words words;
	struct snapshot_settings snapshot;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "extcap-interfaces", 0, OPTION_FLAG, FIELD(list_interfaces), NULL,
	  "say which interface there is" },
	{ "extcap-version", 0, OPTION_TEXT, FIELD(version), "VERSION", "of Wireshark" },
	{ "extcap-interface", 0, OPTION_TEXT, FIELD(interface), "NAME",
	  "the interface: " INTERFACE },
	{ "extcap-dlts", 0, OPTION_FLAG, FIELD(list_dlts), NULL, "say its link type" },
	{ "extcap-config", 0, OPTION_FLAG, FIELD(list_config), NULL,
	  "say which of the options below are for people" },
	{ "extcap-reload-option", 0, OPTION_TEXT, FIELD(reload), "NAME",
	  "accepted; no option has values to load" },
	{ "extcap-capture-filter", 0, OPTION_TEXT, FIELD(filter), "FILTER",
	  "refused unless empty: --host and --pair select" },
	{ "capture", 0, OPTION_FLAG, FIELD(capture), NULL, "write packets to --fifo" },
	{ "fifo", 0, OPTION_TEXT, FIELD(snapshot.path), "FILE", "where Wireshark reads" },
	{ "ssh", 0, OPTION_TEXT, FIELD(ssh), "HOST", "ask the agent there, by ssh" },
	{ "pair", 0, OPTION_TEXT, FIELD(words.pair), "A:B[:PORT]",
	  "of two addresses; IPv6 in brackets" },
	{ "host", 0, OPTION_TEXT, FIELD(words.host), "ADDRESS", "of one address" },
	{ "last", 0, OPTION_TEXT, FIELD(words.last), "TIME", "of the last 60s, 5m, 2h" },
	{ "follow", 0, OPTION_FLAG, FIELD(snapshot.follow), NULL, "go on with what comes" },
	{ "socket", 0, OPTION_TEXT, FIELD(snapshot.socket), "PATH",
	  "where the agent answers (default: " CONTROL_PATH ")" },
	{ .name = NULL },
};

const struct option_command extcap_command = {
	.usage = "extcap [OPTION]...",
	.about = "What Wireshark calls, by the name skua-extcap in its folder for extcap: the "
		 "packets\n"
		 "that a running agent keeps are then the interface '" INTERFACE "'.\n"
		 "Exit: 0 done, 1 failure, 2 usage.",
	.rows = rows,
};

static void print_interfaces(void)
{
	printf("extcap {version=%s}{display=skua}\n", SKUA_VERSION);
	printf("interface {value=" INTERFACE "}{display=skua: packets kept by the agent}\n");
}

static void print_dlts(void)
{
	/* pcapng says it of each interface; Wireshark wants to know one before. */
	printf("dlt {number=1}{name=EN10MB}{display=Ethernet}\n");
}

/* As extcap(4) says; what is empty is not passed on to us. */
static void print_config(void)
{
	static const struct {
		const char *call, *display, *type, *rest;
	} options[] = {
		{ "ssh", "Host, by ssh", "string", "{placeholder=this machine}" },
		{ "last", "Of the last", "string", "{placeholder=60s; all of a host or pair}" },
		{ "host", "Packets of host", "string", "{placeholder=any address}" },
		{ "pair", "Packets of pair", "string", "{placeholder=A:B or A:B:PORT}" },
		{ "follow", "Go on with what comes", "boolflag", "{default=true}" },
		{ "socket", "Control socket", "string", "{placeholder=" CONTROL_PATH "}" },
	};

	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		printf("arg {number=%u}{call=--%s}{display=%s}{type=%s}%s\n", i, options[i].call,
		       options[i].display, options[i].type, options[i].rest);
}

/* Standard output becomes the fifo, for us as for ssh. */
static int open_fifo(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (dup2(fd, STDOUT_FILENO) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int capture(struct settings *settings)
{
	struct control_selector *selector = &settings->snapshot.selector;
	const char *fifo = settings->snapshot.path;
	int err, status = snapshot_select("extcap", &settings->words, selector);

	if (status >= 0)
		return status;
	if (!selector->has_a && !selector->last_ns)
		selector->last_ns = SNAPSHOT_LAST_NS;
	if (settings->filter && settings->filter[0]) {
		log_error("a capture filter is not for this interface: set host or pair in its "
			  "options");
		return EXIT_USAGE;
	}
	err = open_fifo(fifo);
	if (err) {
		log_error("cannot open %s: %s; --fifo is for Wireshark to say", fifo,
			  strerror(-err));
		return EXIT_RUNTIME;
	}
	settings->snapshot.path = "-";
	return settings->ssh ? extcap_ssh(settings->ssh, &settings->snapshot)
			     : snapshot_session(&settings->snapshot);
}

/* Wireshark asks for some of these together; the first that is there is what it wants to hear. */
static int answer(struct settings *settings)
{
	if (settings->list_interfaces) {
		print_interfaces();
		return EXIT_OK;
	}
	if (!settings->interface || strcmp(settings->interface, INTERFACE)) {
		log_error("extcap: the one interface is '" INTERFACE
			  "': say --extcap-interfaces, or "
			  "--extcap-interface=" INTERFACE " and what to do");
		return EXIT_USAGE;
	}
	if (settings->list_dlts)
		print_dlts();
	else if (settings->list_config)
		print_config();
	else if (settings->capture && settings->snapshot.path)
		return capture(settings);
	else if (settings->filter && settings->filter[0]) /* what is printed is what is wrong */
		printf("No filters here: set host or pair in the interface's options.\n");
	else if (!settings->filter && !settings->reload) {
		log_error("extcap: say --capture and --fifo, --extcap-dlts or --extcap-config");
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

int cmd_extcap(int argc, char **argv)
{
	struct settings settings = { .snapshot = { .socket = CONTROL_PATH } };
	int first, status = options_parse(&extcap_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (first < argc) {
		log_error("extcap: '%s' is one word too many: 'skua extcap --help' says what it "
			  "takes",
			  argv[first]);
		return EXIT_USAGE;
	}
	return answer(&settings);
}
