/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What passed, as logs that other programs know: a line for each flow, DNS
 * message, TLS hello, HTTP exchange and file, in Suricata's EVE or in Zeek's
 * JSON.  They are made of the packets and items that the analyst commands are
 * made of (dissect/conversations.h), parsed once; where the kernel programs
 * look, of events and facts, which say less (logs_event(), logs_fact()).  All
 * is bounded; what gave way is counted.  Nothing is decided here, and nothing
 * is kept of what nobody asked for.  One thread.
 */
#ifndef SKUA_LOGS_LOGS_H
#define SKUA_LOGS_LOGS_H

#include "skua/event.h"
#include "dissect/fact.h"
#include "report/sink.h"

enum log_kind { LOG_FLOW, LOG_DNS, LOG_TLS, LOG_HTTP, LOG_FILE, LOG_KINDS };
enum log_format { LOGS_EVE, LOGS_ZEEK };

struct logs_options {
	unsigned kinds; /* a bit by enum log_kind */
	enum log_format format;
	const char *directory; /* a file for each log, or eve.json; NULL: stream */
	FILE *stream;          /* borrowed */
	bool append;           /* to files that are there; else they begin anew */
	struct sink_envelope envelope;
	unsigned account_uid, account_gid; /* whose the files are, unless both are 0 */
};

/* What the lines do not tell. */
struct logs_counters {
	uint64_t lines;
	uint64_t flows_early;      /* flows told before they ended: too many at a time */
	uint64_t connections;      /* connections no longer read: too many at a time */
	uint64_t messages;         /* messages too long to be kept until they were complete */
	uint64_t exchanges_early;  /* HTTP requests told before their response */
	uint64_t queries_early;    /* DNS queries told before their answer */
	uint64_t answers;          /* answers of DNS left out: their message says too much */
	uint64_t handshakes_early; /* TLS hellos told before their handshake was over (Zeek) */
	uint64_t files_early;      /* files given up: too many at a time, or no memory */
	uint64_t files_unknown;    /* requests and transfers that gave way: files may lack names */
	uint64_t announced; /* connections of FTP that gave way before they began: not read */
	uint64_t cut;       /* packets of which less was captured than they carry */
	uint64_t late;      /* live: totals of flows that had been told */
	int error;          /* a line could not be written: -errno of the first */
};

/* A packet that was parsed, and what was captured of it. */
struct logs_packet {
	const struct skua_packet *pkt;
	const uint8_t *bytes;
	uint32_t captured;
	uint64_t frame; /* from 1; 0: there are no numbers */
	uint64_t time_ns;
};

struct logs;

/* "flow,dns,tls": a bit for each; 0: *bad is the word that is none. */
unsigned logs_kinds(const char *words, const char **bad, size_t *length);

/* 0 or -errno and, for files, their name in error. */
#define LOGS_ERROR_SIZE 512
int logs_open(struct logs **out, const struct logs_options *options, char error[LOGS_ERROR_SIZE]);
/* 0, or -errno when lines could not be written; says nothing more. */
int logs_close(struct logs *logs);

/* Whole packets are there: a capture, or libpcap. */
void logs_packet(struct logs *logs, const struct logs_packet *packet);
/* Only events and facts are there.  FLOW, EXCHANGE, CONTACT and DNS say something. */
void logs_event(struct logs *logs, const struct skua_event *event);
void logs_fact(struct logs *logs, const struct fact *fact);
/* The clock has reached this second: what is over is told. */
void logs_tick(struct logs *logs, uint64_t now_ns);
/* The input is over: the rest is told. */
void logs_finish(struct logs *logs);
const struct logs_counters *logs_counters(struct logs *logs);

#endif /* SKUA_LOGS_LOGS_H */
