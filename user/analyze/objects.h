/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects in the making: files that conversations carry, told apart by keys of
 * their protocol, hashed and written as their bytes come.  So many are made at
 * a time; the one that was silent longest gives way.  Those who know the
 * protocols (object_sources.h) begin, add and end them.
 */
#ifndef SKUA_ANALYZE_OBJECTS_H
#define SKUA_ANALYZE_OBJECTS_H

#include <nettle/sha2.h>
#include "analyze/content_coding.h"
#include "analyze/content_type.h"
#include "analyze/macro_scan.h"
#include "analyze/object_store.h"
#include "base/table.h"
#include "dissect/dissector.h"

#define OBJECTS_MAX 768 /* at a time: each may hold a file, and 1,024 may be open */
#define OBJECT_TEXT 1024

enum object_state {
	OBJECT_WHOLE,
	OBJECT_TORN,      /* bytes are not in the capture; what comes before them is kept */
	OBJECT_PART,      /* only its beginning was asked for, or what comes behind it */
	OBJECT_NO_END,    /* the conversation ended first */
	OBJECT_GAVE_WAY,  /* to others: too many at a time */
	OBJECT_LARGE,     /* more than an object may have: left out */
	OBJECT_UNDECODED, /* its content coding is broken; what comes before is kept */
	OBJECT_REWRITTEN, /* bytes were written over ones that were hashed */
};

struct object_key {
	uint64_t conversation, number[2];
};

/* Hostile bytes, cut. */
struct object_text {
	uint16_t length;
	char bytes[OBJECT_TEXT];
};

/* What is known of an object when it begins. */
struct object_origin {
	const char *protocol;
	struct item_place place; /* of its beginning; the sender sends it */
	struct object_text host; /* or the share */
	struct object_text path;
	struct object_text declared; /* content type */
	enum content_coding coding;  /* to be taken off */
	bool resumed;                /* its beginning was carried before */
};

struct object {
	struct object_origin origin;
	enum object_state state;
	bool stopped; /* takes no more bytes */
	bool written; /* in place, by offsets */
	uint64_t bytes, last_frame, time_ns;
	struct content_decoder *decoder;
	struct object_piece *pieces; /* by offset */
	uint32_t piece_count, piece_bytes;
	struct object_file file;
	int file_error; /* -errno: why there is no file; 0 */
	struct sha256_ctx hash;
	struct macro_scan macros; /* look()'s own */
	uint8_t head[CONTENT_TYPE_HEAD];
};

#define OBJECT_PIECES 8192             /* of one; each new one looks for its place among these */
#define OBJECT_PIECES_MAX (4u << 20)   /* bytes that wait, of one object */
#define OBJECTS_PIECES_MAX (64u << 20) /* of memory for those of all; beyond, an object is torn */

/* Waits for what comes before it. */
struct object_piece {
	struct object_piece *next;
	uint64_t at;
	uint32_t length;
	uint8_t bytes[];
};

typedef void object_fn(void *arg, struct object *object);

struct objects_options {
	struct object_store *store; /* NULL: nothing is written */
	uint64_t max_bytes;         /* of one */
	/*
	 * For who needs no more than heads: no hash is made.  Told of the bytes of an
	 * object in their order, when the first of them are in its head; object_stop()
	 * spares it the rest.  May be NULL.
	 */
	void (*look)(void *arg, struct object *object, const uint8_t *bytes, size_t length);
	object_fn *made; /* told of each, before it is forgotten */
	void *arg;
};

struct objects {
	struct objects_options options;
	struct table table;
	uint64_t piece_bytes; /* of memory, for pieces that wait: with their heads */
	uint64_t gave_way;    /* objects that are OBJECT_GAVE_WAY */
	uint64_t no_memory;   /* objects that were not begun */
};

/* 0 or -ENOMEM. */
int objects_init(struct objects *objects, const struct objects_options *options);
void objects_fini(struct objects *objects);

struct object *objects_find(struct objects *objects, const struct object_key *key);
/* NULL: there is no memory; counted. */
struct object *objects_begin(struct objects *objects, const struct object_key *key,
			     const struct object_origin *origin);
void objects_add(struct objects *objects, struct object *object, const struct item_place *place,
		 const uint8_t *bytes, size_t length);
/*
 * Of a file that is read or written by offsets.  What comes again is passed
 * over when it is read; written again it makes the object OBJECT_REWRITTEN.
 * Behind a hole pieces wait, some, for what comes before them.
 */
void objects_add_at(struct objects *objects, struct object *object, const struct item_place *place,
		    uint64_t at, const uint8_t *bytes, size_t length);
/* The first reason stays. */
void object_stop(struct object *object, enum object_state state);
/* Tells of it and forgets it; nothing happens when there is none. */
void objects_end(struct objects *objects, const struct object_key *key, enum object_state state);
/* Those of one conversation, which is over. */
void objects_end_all(struct objects *objects, uint64_t conversation);
/* All that are left. */
void objects_finish(struct objects *objects);

void object_text_set(struct object_text *text, const void *bytes, size_t length);
/* The last part of the path, without a query; "/" when there is none, "object" without a path. */
struct cursor object_name(const struct object_origin *origin);
/* What its first bytes are: content_type(). */
const char *object_type(const struct object *object);
/* Ends the hash.  NULL: of an object that was given up it says nothing; else to. */
#define OBJECT_SHA256 (2 * SHA256_DIGEST_SIZE + 1)
const char *object_sha256(struct object *object, char to[OBJECT_SHA256]);
/* "whole", "torn", ... */
const char *object_state_name(enum object_state state);

#endif /* SKUA_ANALYZE_OBJECTS_H */
