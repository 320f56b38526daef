// SPDX-License-Identifier: BSD-2-Clause
/* skua doctor: whether this host can run skua, and what to do where it cannot. */
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/text.h"
#include "cmd.h"
#include "command_tables.h"
#include "doctor/doctor.h"
#include "option/options.h"
#include "serve/protocol.h"

struct settings {
	int format; /* enum format */
	const char *vault, *socket;
};

enum format { FORMAT_AUTO, FORMAT_JSON, FORMAT_TABLE };

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "format", 0, OPTION_CHOICE, FIELD(format), "auto json table",
	  "how it is printed; auto: a table on a terminal, else JSON" },
	{ "snapshots", 0, OPTION_TEXT, FIELD(vault), "DIR",
	  "where evidence will be kept (default: " VAULT_PATH ")" },
	{ "socket", 0, OPTION_TEXT, FIELD(socket), "PATH",
	  "where an agent would answer (default: " CONTROL_PATH ")" },
	{ .name = NULL },
};

const struct option_command doctor_command = {
	.usage = "doctor [OPTION]...",
	.about =
		"Asks this host, by trying and without changing anything, whether 'skua run' can\n"
		"work here: what the kernel allows, which rights there are, what each interface's\n"
		"driver can do and who is attached to it already, and where files would go.\n"
		"Exit: 0 skua run will work, 1 it will not, 2 usage.",
	.rows = rows,
};

static const char *const state_names[DOCTOR_STATES] = { "good", "note", "warn", "bad" };

void doctor_say(struct doctor *doctor, const struct doctor_answer *answer)
{
	char found[TEXT_ESCAPED(1024)];

	doctor->counts[answer->state]++;
	if (doctor->table) {
		text_escape(found, sizeof(found), answer->found, strlen(answer->found));
		fprintf(doctor->stream, "%-4s  %-9s  %-16s  %s\n", state_names[answer->state],
			answer->area, answer->check, found);
		if (answer->remedy)
			fprintf(doctor->stream, "%*s> %s\n", 35, "", answer->remedy);
		return;
	}
	json_open_object(&doctor->json, NULL);
	json_put_text(&doctor->json, "area", answer->area);
	json_put_text(&doctor->json, "check", answer->check);
	json_put_text(&doctor->json, "state", state_names[answer->state]);
	json_put_text(&doctor->json, "found", answer->found);
	if (answer->remedy)
		json_put_text(&doctor->json, "remedy", answer->remedy);
	json_close(&doctor->json);
	json_end_line(&doctor->json);
}

static void sum_up(const struct doctor *doctor)
{
	const unsigned *counts = doctor->counts;

	if (doctor->table)
		fprintf(doctor->stream,
			"%u good, %u to note, %u to mend for better, %u that prevent: %s\n",
			counts[DOCTOR_GOOD], counts[DOCTOR_NOTE], counts[DOCTOR_WARN],
			counts[DOCTOR_BAD],
			counts[DOCTOR_BAD] ? "skua run will not work here" : "skua run works here");
}

int cmd_doctor(int argc, char **argv)
{
	struct settings settings = { .vault = VAULT_PATH, .socket = CONTROL_PATH };
	struct doctor doctor = { .stream = stdout };
	int first, status = options_parse(&doctor_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (first < argc) {
		log_error("doctor: '%s' is one word too many: 'skua doctor --help' says what it "
			  "takes",
			  argv[first]);
		return EXIT_USAGE;
	}
	doctor.table = settings.format == FORMAT_TABLE ||
		       (settings.format == FORMAT_AUTO && isatty(STDOUT_FILENO));
	doctor.vault = settings.vault;
	doctor.socket = settings.socket;
	json_init(&doctor.json, stdout);
	doctor_kernel(&doctor);
	doctor_rights(&doctor);
	doctor_links(&doctor);
	doctor_places(&doctor);
	sum_up(&doctor);
	return fflush(stdout) || doctor.counts[DOCTOR_BAD] ? EXIT_RUNTIME : EXIT_OK;
}
