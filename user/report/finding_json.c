// SPDX-License-Identifier: BSD-2-Clause
/* One finding as one JSON record. */
#include <errno.h>
#include <string.h>
#include "report/attack.h"
#include "report/community_id.h"
#include "report/derivation_json.h"
#include "report/envelope.h"
#include "report/finding_json.h"
#include "report/origin.h"
#include "report/protocol.h"

enum { ICMP = 1, ICMPV6 = 58, ICMP_ECHO = 8, ICMPV6_ECHO = 128 };

/*
 * Only where the finding names one conversation: both ports, or the echo
 * dialogue of an ICMP tunnel.  A beacon that reconnects uses many client
 * ports; its finding has sport 0 and no community_id.
 */
static bool conversation(const struct finding *finding, struct community_tuple *tuple)
{
	bool icmp = finding->proto == ICMP || finding->proto == ICMPV6;

	*tuple = (struct community_tuple){
		.src = finding->src,
		.dst = finding->dst,
		.sport = finding->sport,
		.dport = finding->dport,
		.proto = finding->proto,
	};
	if (icmp) {
		tuple->sport = finding->proto == ICMP ? ICMP_ECHO : ICMPV6_ECHO;
		tuple->dport = 0;
	}
	return finding->has_dst && (icmp || (tuple->sport && tuple->dport));
}

bool finding_community_id(const struct finding *finding, char to[COMMUNITY_ID])
{
	struct community_tuple tuple;

	if (!conversation(finding, &tuple))
		return false;
	community_id_format(to, &tuple);
	return true;
}

static void write_ends(struct json *json, const struct finding *finding)
{
	char address[ADDRESS_TEXT], name[PROTOCOL_NAME], id[COMMUNITY_ID];
	const char *protocol = protocol_name(finding, name);

	json_put_text(json, "src_ip", address_format(&finding->src, address));
	if (finding->sport)
		json_put_uint(json, "src_port", finding->sport);
	if (finding->has_dst)
		json_put_text(json, "dest_ip", address_format(&finding->dst, address));
	if (finding->dport)
		json_put_uint(json, "dest_port", finding->dport);
	if (protocol)
		json_put_text(json, "proto", protocol);
	if (finding_community_id(finding, id))
		json_put_text(json, "community_id", id);
}

/* Known apart from the packets, when there is somebody to ask. */
static void write_pod(struct json *json, const char *name, const struct sink_envelope *envelope,
		      const struct address *address)
{
	struct pod pod;

	if (!envelope->find_pod || !envelope->find_pod(envelope->find_pod_arg, address, &pod))
		return;
	json_open_object(json, name);
	json_put_text(json, "namespace", pod.namespace);
	json_put_text(json, "name", pod.name);
	if (pod.owner[0])
		json_put_text(json, "owner", pod.owner);
	if (pod.node[0])
		json_put_text(json, "node", pod.node);
	if (pod.age_s)
		json_put_uint(json, "age_s", pod.age_s);
	json_close(json);
}

static void write_context(struct json *json, const struct finding *finding)
{
	json_open_array(json, "context");
	for (unsigned i = 0; i < finding->factor_count && i < FINDING_FACTORS; i++) {
		const struct finding_factor *factor = &finding->factors[i];

		json_open_object(json, NULL);
		json_put_text(json, "name", factor->name);
		json_put_real(json, "factor", factor->factor, FINDING_SCORE_DECIMALS);
		if (factor->raise)
			json_put_bool(json, "raise", true);
		json_put_text(json, "why", factor->why);
		json_close(json);
	}
	json_close(json);
}

static void write_attack(struct json *json, const struct finding *finding)
{
	struct attack attack[ATTACK_MAX];
	unsigned count = attack_map(finding, attack);

	json_open_array(json, "attack");
	for (unsigned i = 0; i < count; i++) {
		json_open_object(json, NULL);
		json_put_text(json, "technique", attack[i].technique);
		json_put_text(json, "tactic", attack[i].tactic);
		json_close(json);
	}
	json_close(json);
}

/* Those that strerror() would say misleadingly. */
static const char *why_none(int err)
{
	if (err == -ENOENT)
		return "no packet of it was kept";
	if (err == -ETIME)
		return "no time was left at the end";
	if (err == -EXFULL)
		return "too much was found at once";
	return err == -ENOBUFS ? "the disk was too slow" : strerror(-err);
}

/* Only once there is something to say of it. */
static void write_snapshot(struct json *json, const struct finding_snapshot *snapshot)
{
	if (!snapshot->file[0] && !snapshot->error)
		return;
	json_open_object(json, "snapshot");
	if (snapshot->error) {
		json_put_text(json, "error", why_none(snapshot->error));
	} else {
		json_put_text(json, "file", snapshot->file);
		json_put_text(json, "sha256", snapshot->sha256);
		json_put_uint(json, "packets", snapshot->packets);
		json_put_uint(json, "bytes", snapshot->bytes);
		json_put_real(json, "pre_trigger_s", snapshot->pre_trigger_s,
			      FINDING_SECOND_DECIMALS);
		json_put_bool(json, "truncated", snapshot->truncated);
		json_put_uint(json, "ring_dropped", snapshot->ring_dropped);
	}
	json_close(json);
	if (snapshot->proof)
		json_put_text(json, "proof", snapshot->proof);
}

static void write_suppressed(struct json *json, const struct finding_waiver *waiver)
{
	if (!waiver->rule[0])
		return;
	json_open_object(json, "suppressed");
	json_put_text(json, "rule", waiver->rule);
	json_put_text(json, "reason", waiver->reason);
	json_close(json);
}

void finding_write_proved(struct json *json, const struct finding *finding)
{
	json_open_object(json, NULL);
	json_put_text(json, "event_type", finding_kind_name(finding->kind));
	json_put_text(json, "finding_id", finding->id);
	write_ends(json, finding);
	json_put_real(json, "score_raw", finding->score_raw, FINDING_SCORE_DECIMALS);
	envelope_time(json, "trigger", finding->trigger_ns);
	envelope_time(json, "first_seen", finding->first_ns);
	envelope_time(json, "last_seen", finding->last_ns);
	finding_write_numbers(json, finding);
	json_put_text(json, "reason", finding->reason);
	json_close(json);
}

void finding_write_asserted(struct json *json, const struct finding *finding)
{
	json_open_object(json, NULL);
	json_put_real(json, "score", finding->score, FINDING_SCORE_DECIMALS);
	json_put_uint(json, "severity", finding_severity(finding));
	write_context(json, finding);
	origin_write_json(json, &finding->origin);
	write_attack(json, finding);
	json_close(json);
}

void finding_write_json(struct json *json, const struct sink_envelope *envelope,
			const struct finding *finding)
{
	finding_write_derived(json, envelope, finding, NULL);
}

void finding_write_derived(struct json *json, const struct sink_envelope *envelope,
			   const struct finding *finding, const struct derivation *derivation)
{
	envelope_begin(json, finding_kind_name(finding->kind), finding->trigger_ns);
	json_put_text(json, "finding_id", finding->id);
	json_put_text(json, "state", finding_state_name(finding->state));
	envelope_origin(json, envelope);
	write_ends(json, finding);
	write_pod(json, "src_pod", envelope, &finding->src);
	if (finding->has_dst)
		write_pod(json, "dest_pod", envelope, &finding->dst);
	origin_write_json(json, &finding->origin);
	json_put_uint(json, "severity", finding_severity(finding));
	json_put_real(json, "score", finding->score, FINDING_SCORE_DECIMALS);
	json_put_real(json, "score_raw", finding->score_raw, FINDING_SCORE_DECIMALS);
	write_context(json, finding);
	envelope_time(json, "first_seen", finding->first_ns);
	envelope_time(json, "last_seen", finding->last_ns);
	write_attack(json, finding);
	finding_write_numbers(json, finding);
	json_put_text(json, "reason", finding->reason);
	json_put_bool(json, "at_end", finding->at_end);
	write_suppressed(json, &finding->suppressed);
	write_snapshot(json, &finding->snapshot);
	if (derivation)
		derivation_write_json(json, finding, derivation);
	json_close(json);
	json_end_line(json);
}
