// SPDX-License-Identifier: BSD-2-Clause
/* Frames and bytes by protocol, each within the one that carries it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/hierarchy_answers.h"
#include "analyze/record_marks.h"
#include "base/log.h"
#include "dissect/dns_view.h"
#include "dissect/http_message.h"

#define LLMNR_PORT 5355

static const struct answers_column columns[] = {
	{ "path", "PROTOCOL", 32 },
	{ "frames", "FRAMES", 10 },
	{ "bytes", "BYTES", 0 },
	{ .name = NULL },
};

static const struct answers_column frame_columns[] = {
	{ "frame", "FRAME", 8 },
	{ "length", "LENGTH", 7 },
	{ "path", "PROTOCOLS", 0 },
	{ .name = NULL },
};

struct path_count {
	uint64_t frames, bytes;
};

/* A path and what it counts, to be sorted. */
struct path {
	struct layers layers;
	struct path_count count;
};

struct hierarchy {
	struct analyst analyst;
	struct hierarchy_options options;
	struct table paths; /* struct layers -> struct path_count */
	struct record_marks marks;
	/* The frame that came last: items of it come later. */
	struct layers layers;
	enum layer said; /* what an item showed it to carry */
	uint64_t number;
	uint32_t length;
};

static uint64_t path_worth(const void *value)
{
	return ((const struct path_count *)value)->frames;
}

static void put_frame(struct hierarchy *h)
{
	struct answers *to = h->analyst.answers;
	char text[LAYERS_TEXT];

	answers_begin_row(to);
	answers_put_number(to, h->number);
	answers_put_number(to, h->length);
	answers_put_text(to, layers_text(&h->layers, layers_count(&h->layers), text));
	answers_end_row(to);
}

/* All is known of the last frame. */
static void settle(struct hierarchy *h)
{
	struct path_count *count;

	if (!h->number)
		return;
	if (h->said)
		layers_add(&h->layers, h->said);
	if (h->options.frames) {
		put_frame(h);
		return;
	}
	count = table_get(&h->paths, &h->layers, NULL);
	count->frames++;
	count->bytes += h->length;
}

static void on_frame(struct analyst *analyst, const struct analyst_frame *frame)
{
	struct hierarchy *h = (struct hierarchy *)analyst;

	settle(h);
	h->layers = layers_of(frame);
	h->said = record_marks_of(&h->marks, frame);
	h->number = frame->number;
	h->length = frame->length;
}

/* LAYER_NONE: it does not end a message. */
static enum layer layer_of(const struct item *item)
{
	const struct skua_flow_key *key = &item->place->key;
	const struct dns_view *view = item->is;

	switch (item->kind) {
	case ITEM_DNS:
		if (!view->multicast)
			return LAYER_DNS;
		return key->low_port == LLMNR_PORT || key->high_port == LLMNR_PORT ? LAYER_LLMNR
										   : LAYER_MDNS;
	case ITEM_HTTP_REQUEST:
	case ITEM_HTTP_RESPONSE:
		return key->proto == SKUA_UDP ? LAYER_SSDP : LAYER_NONE;
	case ITEM_HTTP_END:
		return LAYER_HTTP;
	default:
		return LAYER_NONE;
	}
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	struct hierarchy *h = (struct hierarchy *)analyst;
	enum layer layer = layer_of(item);

	/* What waited until its conversation gave way belongs to no frame of now. */
	if (layer && item->place->frame == h->number)
		h->said = layer;
}

static int by_layers(const void *x, const void *y)
{
	return memcmp(x, y, sizeof(struct layers));
}

static int by_frames(const void *x, const void *y)
{
	const struct path *a = x, *b = y;

	if (a->count.frames != b->count.frames)
		return a->count.frames > b->count.frames ? -1 : 1;
	return memcmp(&a->layers, &b->layers, sizeof(struct layers));
}

static void put_node(struct hierarchy *h, const struct path *node, unsigned depth)
{
	struct answers *to = h->analyst.answers;
	char text[LAYERS_TEXT + 2 * LAYERS_MAX];

	if (h->options.tree)
		snprintf(text, sizeof(text), "%*s%s", 2 * (int)depth, "",
			 layer_name(node->layers.layer[depth]));
	else
		layers_text(&node->layers, depth + 1, text);
	answers_begin_row(to);
	answers_put_text(to, text);
	answers_put_number(to, node->count.frames);
	answers_put_number(to, node->count.bytes);
	answers_end_row(to);
}

/* Paths that have their first depth layers in common, as nodes: most frames first. */
static void put_nodes(struct hierarchy *h, const struct path *paths, size_t count, unsigned depth)
{
	struct path nodes[LAYERS];
	size_t used = 0;

	for (size_t i = 0; i < count && depth < LAYERS_MAX; i++) {
		uint8_t layer = paths[i].layers.layer[depth];

		if (!layer)
			continue;
		if (!used || nodes[used - 1].layers.layer[depth] != layer)
			nodes[used++] = (struct path){ .layers = paths[i].layers };
		nodes[used - 1].count.frames += paths[i].count.frames;
		nodes[used - 1].count.bytes += paths[i].count.bytes;
	}
	qsort(nodes, used, sizeof(nodes[0]), by_frames);
	for (size_t i = 0; i < used; i++) {
		uint8_t layer = nodes[i].layers.layer[depth];
		size_t from = 0, to;

		while (paths[from].layers.layer[depth] != layer)
			from++;
		for (to = from; to < count && paths[to].layers.layer[depth] == layer;)
			to++;
		put_node(h, &nodes[i], depth);
		put_nodes(h, paths + from, to - from, depth + 1);
	}
}

static void put_tree(struct hierarchy *h)
{
	struct path *paths = calloc(h->paths.used + 1, sizeof(*paths));
	struct path_count *count = NULL;
	size_t used = 0;

	if (!paths) {
		log_error("no memory to sort %u protocol paths", h->paths.used);
		return;
	}
	while ((count = table_next(&h->paths, count))) {
		memcpy(&paths[used].layers, table_key(&h->paths, count), sizeof(struct layers));
		paths[used++].count = *count;
	}
	qsort(paths, used, sizeof(*paths), by_layers);
	put_nodes(h, paths, used, 0);
	free(paths);
}

static void on_finish(struct analyst *analyst)
{
	struct hierarchy *h = (struct hierarchy *)analyst;

	settle(h);
	put_tree(h);
	if (h->paths.evictions)
		log_warning("%llu protocol paths gave way to others, more than %u were there: "
			    "their frames are missing",
			    (unsigned long long)h->paths.evictions, HIERARCHY_PATHS);
	if (h->marks.table.evictions)
		log_warning("%llu TLS and QUIC conversations gave way to others, more than %u were "
			    "there: some of their frames are not told from TCP and UDP",
			    (unsigned long long)h->marks.table.evictions, RECORD_MARKS_MAX);
}

static void on_close(struct analyst *analyst)
{
	struct hierarchy *h = (struct hierarchy *)analyst;

	record_marks_fini(&h->marks);
	table_fini(&h->paths);
	free(h);
}

int hierarchy_answers_open(struct analyst **out, const struct hierarchy_options *options)
{
	const struct table_options table = { .key_size = sizeof(struct layers),
					     .value_size = sizeof(struct path_count),
					     .capacity = HIERARCHY_PATHS,
					     .worth = path_worth };
	struct hierarchy *h = calloc(1, sizeof(*h));
	int err = h ? table_init(&h->paths, &table) : -ENOMEM;

	if (!err)
		err = record_marks_init(&h->marks, RECORD_MARKS_MAX);
	if (err) {
		if (h)
			table_fini(&h->paths);
		free(h);
		return err;
	}
	h->options = *options;
	h->analyst = (struct analyst){ .name = "hierarchy",
				       .columns = options->frames ? frame_columns : columns,
				       .frame = on_frame,
				       .item = on_item,
				       .finish = on_finish,
				       .close = on_close };
	*out = &h->analyst;
	return 0;
}
