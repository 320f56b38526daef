// SPDX-License-Identifier: BSD-2-Clause
/* What the API server says of pods, from JSON. */
#include <errno.h>
#include "kube/pod_json.h"

#ifdef HAVE_JANSSON

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define GONE 410 /* HTTP's, and of a Status within a watch */

/* A text that fits, or -EBADMSG; one that is not there is empty. */
static int take(char *to, size_t size, const json_t *from)
{
	const char *text = json_string_value(from);

	if (from && !json_is_null(from) && !text)
		return -EBADMSG;
	if (!text)
		text = "";
	if (json_string_length(from) >= size)
		return -EBADMSG;
	strcpy(to, text);
	return 0;
}

/* "ReplicaSet/web-7d9c": the one that controls it. */
static int take_owner(struct pod *pod, const json_t *metadata)
{
	json_t *owners = json_object_get(metadata, "ownerReferences"), *owner;
	char kind[POD_NAMESPACE], name[POD_NAME];
	size_t i;

	json_array_foreach(owners, i, owner)
	{
		if (!json_is_true(json_object_get(owner, "controller")))
			continue;
		if (take(kind, sizeof(kind), json_object_get(owner, "kind")) ||
		    take(name, sizeof(name), json_object_get(owner, "name")))
			return -EBADMSG;
		snprintf(pod->owner, sizeof(pod->owner), "%s/%s", kind, name);
		break;
	}
	return 0;
}

static void add_address(struct board_pod *out, const json_t *text)
{
	struct address address;

	if (out->address_count == BOARD_ADDRESSES || !json_is_string(text) ||
	    address_parse(&address, json_string_value(text)))
		return;
	out->addresses[out->address_count++] = address;
}

/* Who shares the node's address, or has ended and gave it back, has none of its own. */
static void take_addresses(struct board_pod *out, const json_t *pod)
{
	const json_t *status = json_object_get(pod, "status");
	const char *phase = json_string_value(json_object_get(status, "phase"));
	json_t *addresses = json_object_get(status, "podIPs"), *address;
	size_t i;

	if (json_is_true(json_object_get(json_object_get(pod, "spec"), "hostNetwork")) ||
	    (phase && (!strcmp(phase, "Succeeded") || !strcmp(phase, "Failed"))))
		return;
	json_array_foreach(addresses, i, address) add_address(out, json_object_get(address, "ip"));
	if (!out->address_count)
		add_address(out, json_object_get(status, "podIP"));
}

static int read_pod(struct board_pod *out, const json_t *pod)
{
	const json_t *metadata = json_object_get(pod, "metadata");

	memset(out, 0, sizeof(*out));
	if (take(out->pod.namespace, POD_NAMESPACE, json_object_get(metadata, "namespace")) ||
	    take(out->pod.name, POD_NAME, json_object_get(metadata, "name")) ||
	    take(out->pod.node, POD_NAME,
		 json_object_get(json_object_get(pod, "spec"), "nodeName")) ||
	    take_owner(&out->pod, metadata) || !out->pod.namespace[0] || !out->pod.name[0])
		return -EBADMSG;
	take_addresses(out, pod);
	return 0;
}

static int read_page(const json_t *page, struct board *board, uint64_t now_ns, struct pod_page *out)
{
	const json_t *metadata = json_object_get(page, "metadata");
	json_t *items = json_object_get(page, "items"), *item;
	struct pod_page read;
	size_t i;

	if (!json_is_object(page) ||
	    take(read.version, sizeof(read.version),
		 json_object_get(metadata, "resourceVersion")) ||
	    take(read.next, sizeof(read.next), json_object_get(metadata, "continue")) ||
	    !read.version[0] || (items && !json_is_null(items) && !json_is_array(items)))
		return -EBADMSG;
	json_array_foreach(items, i, item)
	{
		struct board_pod pod;

		if (read_pod(&pod, item))
			board_counting(board)->malformed++;
		else
			board_put(board, &pod, now_ns);
	}
	*out = read;
	return 0;
}

int pod_json_page(const char *text, size_t length, struct board *board, uint64_t now_ns,
		  struct pod_page *out)
{
	json_t *page = json_loadb(text, length, 0, NULL);
	int err = read_page(page, board, now_ns, out);

	json_decref(page);
	return err;
}

static int read_event(const json_t *event, struct board *board, uint64_t now_ns,
		      char version[POD_JSON_VERSION])
{
	const char *type = json_string_value(json_object_get(event, "type"));
	const json_t *object = json_object_get(event, "object");
	char now[POD_JSON_VERSION];
	struct board_pod pod;

	if (!type || !json_is_object(object))
		return -EBADMSG;
	if (!strcmp(type, "ERROR"))
		return json_integer_value(json_object_get(object, "code")) == GONE ? -ESTALE
										   : -EREMOTEIO;
	if (take(now, sizeof(now),
		 json_object_get(json_object_get(object, "metadata"), "resourceVersion")))
		return -EBADMSG;
	if (now[0])
		strcpy(version, now);
	board_counting(board)->events++;
	if (!strcmp(type, "BOOKMARK"))
		board_counting(board)->bookmarks++;
	else if (read_pod(&pod, object))
		board_counting(board)->malformed++;
	else if (!strcmp(type, "DELETED"))
		board_remove(board, &pod.pod, now_ns);
	else if (!strcmp(type, "ADDED") || !strcmp(type, "MODIFIED"))
		board_put(board, &pod, now_ns);
	return 0;
}

int pod_json_event(const char *text, size_t length, struct board *board, uint64_t now_ns,
		   char version[POD_JSON_VERSION])
{
	json_t *event = json_loadb(text, length, 0, NULL);
	int err = read_event(event, board, now_ns, version);

	json_decref(event);
	return err;
}

#else

int pod_json_page(const char *text, size_t length, struct board *board, uint64_t now_ns,
		  struct pod_page *out)
{
	(void)text;
	(void)length;
	(void)board;
	(void)now_ns;
	(void)out;
	return -EOPNOTSUPP;
}

int pod_json_event(const char *text, size_t length, struct board *board, uint64_t now_ns,
		   char version[POD_JSON_VERSION])
{
	(void)text;
	(void)length;
	(void)board;
	(void)now_ns;
	(void)version;
	return -EOPNOTSUPP;
}

#endif
