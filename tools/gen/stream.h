/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A TCP connection as seen near its client: handshake or what comes instead,
 * turns of payload in segments with acknowledgements whose numbers add up, and
 * an end.  Whoever embeds it says what the turns are.  One segment of memory,
 * however long it lasts.
 */
#ifndef SKUA_GEN_STREAM_H
#define SKUA_GEN_STREAM_H

#include "sim.h"

enum side { SIDE_CLIENT, SIDE_SERVER };

/* What fills a turn behind its head. */
enum filler {
	FILLER_TEXT,    /* noise made printable, so that nobody takes it for another protocol */
	FILLER_RECORDS, /* TLS application data records of noise */
};

/* One side sends length bytes. */
struct turn {
	enum side side;
	enum filler filler;
	const void *head; /* the first bytes; borrowed until the next turn is asked for */
	uint32_t head_length;
	uint64_t length; /* of all, the head included */
	uint64_t at_ns;  /* not before; a time past is now */
	uint64_t rate;   /* bytes per second; 0: 12.5 million, a line of 100 Mbit/s */
};

enum next {
	NEXT_TURN,
	NEXT_IDLE,  /* nothing until stream_resume() */
	NEXT_CLOSE, /* as the stream's ending says, not before turn->at_ns */
};

struct stream {
	struct task task;
	const struct route *route;
	struct address addresses[2]; /* by side */
	uint16_t ports[2];
	enum answer answer; /* the server's, to the SYN */
	enum ending ending;
	/* The owner's: fills turn. */
	enum next (*next)(struct sim *sim, struct stream *stream, struct turn *turn);
	/* The owner's: the stream is over, established or not; may free it. */
	void (*over)(struct sim *sim, struct stream *stream, bool established);

	/* From here on the stream's own. */
	struct turn turn;
	uint64_t reply_ns[2]; /* how long a side takes to answer, as the tap sees it */
	uint64_t burst_ns, spacing_ns;
	uint64_t segments, sent, acked; /* of the turn */
	uint32_t sequence[2];           /* next to be sent, at the begin of the turn */
	uint16_t mss;
	uint8_t state, tries;
	uint32_t noise_at;
};

/* Begins at at_ns; the owner has filled in the first block.  draw gives the numbers. */
void stream_start(struct sim *sim, struct stream *stream, struct draw *draw, uint64_t at_ns);
/* Asks an idle stream for its next turn, now. */
void stream_resume(struct sim *sim, struct stream *stream);
bool stream_is_idle(const struct stream *stream);
/* The bytes offset .. offset + length of a turn (payload.c). */
void turn_copy(const struct sim *sim, const struct turn *turn, uint32_t noise_at, uint64_t offset,
	       uint8_t *to, uint32_t length);

#endif /* SKUA_GEN_STREAM_H */
