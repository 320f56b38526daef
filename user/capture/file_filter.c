// SPDX-License-Identifier: BSD-2-Clause
/* Filter programs by link type, compiled and run by libpcap. */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "capture/file_filter.h"
#include "capture/file_reader.h"

/* Programs kept; a capture with frames of more link types than this is made up. */
#define PROGRAMS_MAX 32

struct program {
	uint16_t linktype;
	bool usable;
	struct bpf_program code;
};

struct file_filter {
	char *expression;
	bool full; /* said that there are more link types than programs */
	unsigned int count;
	struct program programs[PROGRAMS_MAX];
};

/* Before number 104, files and libpcap do not call all link types by the same number. */
static int linktype_to_dlt(uint16_t linktype)
{
	static const struct {
		uint16_t linktype;
		int dlt;
	} other[] = {
		{ 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW },      { 102, DLT_SLIP_BSDOS },
		{ 103, DLT_PPP_BSDOS },   { 106, DLT_ATM_CLIP },
	};

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (other[i].linktype == linktype)
			return other[i].dlt;
	return linktype;
}

static bool program_compile(struct program *program, uint16_t linktype, const char *expression,
			    char error[FILE_ERROR_SIZE])
{
	pcap_t *pcap = pcap_open_dead(linktype_to_dlt(linktype), FILE_FRAME_MAX);
	bool good;

	program->linktype = linktype;
	program->usable = false;
	if (!pcap)
		return false;
	good = !pcap_compile(pcap, &program->code, expression, 1, PCAP_NETMASK_UNKNOWN);
	if (!good)
		snprintf(error, FILE_ERROR_SIZE, "%.250s", pcap_geterr(pcap));
	pcap_close(pcap);
	program->usable = good;
	return good;
}

/*
 * A misspelt filter is an error at once, not when the first frame comes: it
 * compiles for none of the link types that have the most to filter by.
 */
static bool expression_is_sound(const char *expression, char error[FILE_ERROR_SIZE])
{
	static const uint16_t known[] = {
		127, 101, 113, 123, 140, 1
	}; /* Ethernet's reason stays */

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct program program;

		if (program_compile(&program, known[i], expression, error)) {
			pcap_freecode(&program.code);
			return true;
		}
	}
	return false;
}

int file_filter_open(struct file_filter **out, const char *expression, char error[FILE_ERROR_SIZE])
{
	char reason[FILE_ERROR_SIZE] = "";
	struct file_filter *filter;

	if (!expression_is_sound(expression, reason)) {
		snprintf(error, FILE_ERROR_SIZE, "%.90s; see pcap-filter(7)", reason);
		return -EINVAL;
	}
	filter = calloc(1, sizeof(*filter));
	if (filter)
		filter->expression = strdup(expression);
	if (!filter || !filter->expression) {
		free(filter);
		snprintf(error, FILE_ERROR_SIZE, "filter '%.80s': no memory", expression);
		return -ENOMEM;
	}
	*out = filter;
	return 0;
}

void file_filter_prepare(struct file_filter *filter, uint16_t linktype)
{
	char reason[FILE_ERROR_SIZE];

	if (filter->count < PROGRAMS_MAX &&
	    program_compile(&filter->programs[filter->count], linktype, filter->expression, reason))
		filter->count++;
}

void file_filter_close(struct file_filter *filter)
{
	if (!filter)
		return;
	for (unsigned int i = 0; i < filter->count; i++)
		if (filter->programs[i].usable)
			pcap_freecode(&filter->programs[i].code);
	free(filter->expression);
	free(filter);
}

static const struct program *program_add(struct file_filter *filter, uint16_t linktype)
{
	struct program *program = &filter->programs[filter->count];
	char reason[FILE_ERROR_SIZE] = "no memory";
	const char *name = pcap_datalink_val_to_name(linktype_to_dlt(linktype));

	if (filter->count == PROGRAMS_MAX) {
		if (!filter->full)
			log_warning("filter '%s': more than %d link types; frames of further "
				    "ones do not match",
				    filter->expression, PROGRAMS_MAX);
		filter->full = true;
		return NULL;
	}
	filter->count++;
	if (!program_compile(program, linktype, filter->expression, reason))
		log_warning("filter '%s' does not fit link type %s (%u): %s; none of its frames "
			    "match",
			    filter->expression, name ? name : "unknown", linktype, reason);
	return program;
}

static const struct program *program_for(struct file_filter *filter, uint16_t linktype)
{
	for (unsigned int i = 0; i < filter->count; i++)
		if (filter->programs[i].linktype == linktype)
			return &filter->programs[i];
	return program_add(filter, linktype);
}

bool file_filter_matches(struct file_filter *filter, const struct frame *frame)
{
	const struct program *program = program_for(filter, frame->linktype);
	struct pcap_pkthdr header = { .caplen = frame->captured, .len = frame->length };

	return program && program->usable &&
	       pcap_offline_filter(&program->code, &header, frame->bytes);
}

const char *file_filter_linktype_name(uint16_t linktype)
{
	const char *name = pcap_datalink_val_to_description(linktype_to_dlt(linktype));

	return name ? name : "";
}
