// SPDX-License-Identifier: BSD-2-Clause
/* Says in one sentence what somebody scanned, how, and with what success. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "detect/scan_evidence.h"

static const char *const shapes[] = {
	[SCAN_VERTICAL] = "vertical",
	[SCAN_HORIZONTAL] = "horizontal",
	[SCAN_BLOCK] = "block",
	[SCAN_MIXED] = "mixed",
};

static const char *const techniques[] = {
	[SCAN_SYN] = "SYN scan",   [SCAN_CONNECT] = "connect scan", [SCAN_FIN] = "FIN scan",
	[SCAN_NULL] = "NULL scan", [SCAN_XMAS] = "XMAS scan",       [SCAN_MAIMON] = "Maimon scan",
	[SCAN_ACK] = "ACK scan",   [SCAN_UDP] = "UDP scan",         [SCAN_ICMP] = "ICMP sweep",
	[SCAN_ARP] = "ARP sweep",  [SCAN_NS] = "NS sweep",          [SCAN_ODD] = "odd-flag scan",
};

/* "1,000 ports", "about 256 targets", "1 port". */
static const char *count_of(char to[2 * TEXT_NUMBER], uint32_t count, bool exact, const char *what)
{
	char number[TEXT_NUMBER];

	snprintf(to, 2 * TEXT_NUMBER, "%s%s %s%s", exact ? "" : "about ", text_count(number, count),
		 what, count == 1 ? "" : "s");
	return to;
}

static void write_extent(char to[FINDING_REASON], const struct scan_numbers *numbers, uint16_t port)
{
	bool exact = numbers->contacts <= DISTINCT_EXACT;
	char ports[2 * TEXT_NUMBER], targets[2 * TEXT_NUMBER];

	count_of(ports, numbers->ports, exact, "port");
	count_of(targets, numbers->targets, exact, "target");
	if (!numbers->targets)
		count_of(to, numbers->contacts, false, "contact");
	else if (!numbers->ports)
		snprintf(to, FINDING_REASON, "%s", targets);
	else if (port)
		snprintf(to, FINDING_REASON, "%s on port %u", targets, port);
	else if (numbers->targets == 1)
		snprintf(to, FINDING_REASON, "%s", ports);
	else if (numbers->shape == SCAN_VERTICAL)
		snprintf(to, FINDING_REASON, "%s of %s", ports, targets);
	else
		snprintf(to, FINDING_REASON, "%s on %s", targets, ports);
}

struct part {
	uint32_t count;
	const char *what;
};

/* "994 refused": what most contacts came to.  Odd flags are the technique already. */
static struct part main_outcome(const struct scan_numbers *numbers)
{
	const struct part parts[] = {
		{ numbers->refused, "refused" },
		{ numbers->unreachable, "unreachable" },
		{ numbers->unanswered, "unanswered" },
		{ numbers->half_open, "half-open" },
		{ numbers->empty, "opened and closed unused" },
	};
	struct part most = parts[0];

	for (unsigned i = 1; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].count > most.count)
			most = parts[i];
	return most;
}

void scan_write_reason(char to[FINDING_REASON], const struct scan_evidence *evidence, uint16_t port)
{
	const struct scan_numbers *numbers = &evidence->numbers;
	struct part part = main_outcome(numbers);
	bool sweep = !numbers->ports && numbers->targets;
	char extent[FINDING_REASON], took[TEXT_NUMBER], number[TEXT_NUMBER], outcome[96] = "";

	write_extent(extent, numbers, port);
	if (numbers->span_s < 0.001)
		snprintf(took, sizeof(took), "less than 1 ms");
	else
		text_duration(took, numbers->span_s);
	/* Of an overflow few outcomes are known: they say nothing about the rest. */
	if (part.count && 10ull * part.count >= numbers->contacts)
		snprintf(outcome, sizeof(outcome), ", %s %s", text_count(number, part.count),
			 part.what);
	if (numbers->overflow)
		snprintf(outcome + strlen(outcome), sizeof(outcome) - strlen(outcome),
			 ", too many to list");
	snprintf(to, FINDING_REASON, "%s%s%s%.60s: %.100s in %.30s%.100s",
		 numbers->slow ? "slow " : "", sweep ? "" : shapes[numbers->shape],
		 sweep ? "" : " ", techniques[numbers->technique], extent, took, outcome);
}
