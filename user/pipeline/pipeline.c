// SPDX-License-Identifier: BSD-2-Clause
/* Events in, findings out: dissect, track, detect, report, in this order. */
#include <string.h>
#include "detect/context_origin.h"
#include "detect/port.h"
#include "pipeline/pipeline_state.h"

/* Findings are looked over for news, and for those that are over. */
#define REVIEW_EVERY_NS (60 * SKUA_SECOND_NS)

void pipeline_record(struct pipeline *pipeline, const struct record *record)
{
	for (int i = 0; i < PIPELINE_SINKS && pipeline->options.sinks[i]; i++) {
		struct sink *sink = pipeline->options.sinks[i];

		int err = sink->write(sink, record);

		if (err) {
			pipeline->counts.unsunk++;
			pipeline->counts.sink_error = err;
		}
	}
}

static void say(void *arg, const struct finding *finding)
{
	const struct record record = { .kind = RECORD_FINDING, .finding = finding };

	pipeline_record(arg, &record);
}

/* Tunnels must exceed a threshold of their own, after context as well as before. */
static double shown_from(const struct pipeline *pipeline, const struct finding *finding)
{
	const struct pipeline_options *o = &pipeline->options;

	if (pipeline_is_summary(finding)) /* one a day, of severity 4 */
		return 0;
	if (finding->kind == FINDING_DNS_EXFIL && o->limits.dns.threshold > o->min_score &&
	    o->min_score > 0)
		return o->limits.dns.threshold;
	return o->min_score;
}

/* A pair by server and by name, uploads and echoes, SYNs and other probes share their ids. */
static uint32_t view_of(const struct subject *subject, const struct finding *finding)
{
	/* An hour that was unusual is not taken back by the ordinary one that follows. */
	if (finding->kind == FINDING_EXFIL && finding->exfil.channel == EXFIL_UNUSUAL)
		return SUBJECT_UPLOAD | 0x100;
	if (subject->kind == SUBJECT_PAIR)
		return skua_hash(&subject->pair->key, sizeof(subject->pair->key), 0);
	if (subject->kind == SUBJECT_SOURCE)
		return subject->source->key.class;
	return subject->kind;
}

void pipeline_take(struct pipeline *pipeline, const struct subject *subject,
		   struct finding *finding)
{
	if (finding->score < shown_from(pipeline, finding) &&
	    ledger_hide(&pipeline->ledger, finding))
		return;
	if (subject && subject->kind == SUBJECT_PAIR) {
		struct pair_key as;

		pairs_reported(&pipeline->pairs, subject->pair, &as);
		context_entities(&pipeline->context, &as, finding);
	}
	if (!subject)
		context_origin_of(&pipeline->context, finding);
	if (pipeline_suppress(pipeline, finding) || !ledger_take(&pipeline->ledger, finding))
		return;
	pipeline_say(pipeline, subject, finding, shown_from(pipeline, finding));
	if (pipeline->evidence && finding->state == FINDING_NEW && !finding->suppressed.rule[0] &&
	    !pipeline_is_summary(finding))
		evidence_finding(pipeline->evidence, finding,
				 finding->trigger_ns + pipeline->options.evidence->post_ns);
}

static void judge(void *arg, const struct subject *subject)
{
	struct pipeline *pipeline = arg;

	for (int i = 0; detectors[i]; i++) {
		struct finding finding;

		if (detectors[i]->subject != subject->kind)
			continue;
		memset(&finding, 0, sizeof(finding));
		if (!detectors[i]->judge(subject, &pipeline->options.limits, &finding))
			continue;
		finding.at_end = pipeline->at_end;
		finding.view = view_of(subject, &finding);
		context_apply(&pipeline->context, subject, &finding);
		if (pipeline_is_summary(&finding))
			pipeline_take_noise(pipeline, &finding);
		else
			pipeline_take(pipeline, subject, &finding);
	}
}

static struct subject subject_now(const struct pipeline *pipeline, enum subject_kind kind)
{
	return (struct subject){ .kind = kind,
				 .now_ns = pipeline->now_ns,
				 .ifindex = pipeline->ifindex,
				 .at_end = pipeline->at_end };
}

void pipeline_judge_pair(void *arg, const struct pair *pair)
{
	struct subject subject = subject_now(arg, SUBJECT_PAIR);

	context_notice(&((struct pipeline *)arg)->context, pair, subject.now_ns);
	subject.pair = pair;
	judge(arg, &subject);
}

static void judge_source(void *arg, const struct tracked_source *source)
{
	struct subject subject = subject_now(arg, SUBJECT_SOURCE);

	subject.source = source;
	judge(arg, &subject);
}

/* Trackers that know more of the subject than the time fill it themselves. */
static void judge_subject(void *arg, const struct subject *subject)
{
	struct pipeline *pipeline = arg;
	struct subject now = *subject;

	now.ifindex = pipeline->ifindex;
	now.at_end = pipeline->at_end;
	judge(pipeline, &now);
}

void pipeline_fact(struct pipeline *pipeline, const struct fact *fact)
{
	if (fact->kind == FACT_ORIGIN) {
		origins_fact(&pipeline->origins, &fact->origin, fact->time_ns);
		return;
	}
	if (fact->kind == FACT_NAME) {
		census_name(&pipeline->census, &fact->name, fact->time_ns);
		domains_answer(&pipeline->domains, &fact->name);
		return;
	}
	pipeline_meet_name(pipeline, &fact->hello, fact->time_ns);
	triggers_hello(&pipeline->triggers, &fact->hello, fact->time_ns);
	census_hello(&pipeline->census, &fact->hello, fact->time_ns);
	pairs_hello(&pipeline->pairs, &fact->hello, fact->time_ns);
}

static void on_fact(void *arg, const struct fact *fact)
{
	struct pipeline *pipeline = arg;

	if (pipeline->options.tap)
		pipeline->options.tap(pipeline->options.tap_arg, fact);
	if (pipeline->evidence)
		evidence_fact(pipeline->evidence, fact);
	pipeline_fact(pipeline, fact);
}

/* Names come from what is sampled whole in any case, so that findings depend neither on what was
 * armed nor on how the headers of the rest are thinned. */
static void on_sample(struct pipeline *pipeline, const struct skua_event *event, const __u8 *bytes)
{
	const struct skua_sample_event *sample = (const struct skua_sample_event *)event;

	if (pipeline->evidence)
		evidence_sample(pipeline->evidence, sample, bytes);
	if (sample->flags & SKUA_SAMPLE_ARMED)
		return;
	triggers_sample(&pipeline->triggers, sample, bytes);
	if (sample->flags & SKUA_SAMPLE_HEADER_ONLY)
		return;
	dissect_sample(pipeline->dissect, sample, bytes, on_fact, pipeline);
}

static void on_exchange(struct pipeline *pipeline, const struct skua_event *head, const __u8 *bytes)
{
	const struct skua_exchange_event *event = (const struct skua_exchange_event *)head;
	bool low = event->client == SKUA_LOW;
	struct address server = address_from(low ? head->key.high : head->key.low);

	(void)bytes;
	pipeline_meet_server(pipeline, event);
	triggers_exchange(&pipeline->triggers, event);
	census_exchange(&pipeline->census, event);
	pipeline_note_entry(pipeline, event);
	domains_contact(&pipeline->domains, &server, head->time_ns);
	pairs_exchange(&pipeline->pairs, event);
}

static void on_flow(struct pipeline *pipeline, const struct skua_event *head, const __u8 *bytes)
{
	const struct skua_flow_event *event = (const struct skua_flow_event *)head;
	struct finding finding;

	(void)bytes;
	pipeline->counts.flows += event->reason != SKUA_FLOW_REPORT;
	pipeline_note_spoken(pipeline, event);
	if (pipeline->evidence)
		evidence_flow(pipeline->evidence, event);
	pairs_flow(&pipeline->pairs, event);
	uploads_flow(&pipeline->uploads, event, pipeline->at_end, judge_subject, pipeline);
	if (port_judge(event, &finding)) {
		finding.at_end = pipeline->at_end;
		pipeline_take(pipeline, NULL, &finding);
	}
}

static void on_contact(struct pipeline *pipeline, const struct skua_event *head, const __u8 *bytes)
{
	const struct skua_contact_event *event = (const struct skua_contact_event *)head;

	(void)bytes;
	triggers_contact(&pipeline->triggers, event);
	sources_contact(&pipeline->sources, event);
	pairs_contact(&pipeline->pairs, event);
}

static void on_overflow(struct pipeline *pipeline, const struct skua_event *head, const __u8 *bytes)
{
	(void)bytes;
	sources_overflow(&pipeline->sources, (const struct skua_source_event *)head);
}

static void on_neighbour(struct pipeline *pipeline, const struct skua_event *head,
			 const __u8 *bytes)
{
	(void)bytes;
	sources_neighbour(&pipeline->sources, (const struct skua_neighbour_event *)head);
}

static void on_icmp(struct pipeline *pipeline, const struct skua_event *head, const __u8 *bytes)
{
	const struct skua_icmp_event *event = (const struct skua_icmp_event *)head;

	(void)bytes;
	triggers_icmp(&pipeline->triggers, event);
	pairs_icmp(&pipeline->pairs, event);
	echoes_message(&pipeline->echoes, event, judge_subject, pipeline);
}

static void tell_domain(const struct pipeline *pipeline, const struct skua_dns_event *event,
			const struct address *client, const char *name)
{
	const struct pipeline_watch *watch = pipeline->options.watch;
	const struct domain *domain = watch ? domains_find(&pipeline->domains, client, name) : NULL;

	if (domain)
		watch->domain(watch->arg, domain, event);
}

static void on_dns(struct pipeline *pipeline, const struct skua_event *head, const __u8 *bytes)
{
	const struct skua_dns_event *event = (const struct skua_dns_event *)head;
	char domain[REGISTERED_TEXT];
	bool low = event->dns.response ? event->sender == SKUA_HIGH : event->sender == SKUA_LOW;
	struct address client = address_from(low ? head->key.low : head->key.high);
	struct address server = address_from(low ? head->key.high : head->key.low);
	bool ours = census_is_inside(&pipeline->census, &client);

	(void)bytes;
	triggers_dns(&pipeline->triggers, event);
	domains_message(&pipeline->domains, event, judge_subject, pipeline);
	if (event->dns.response ||
	    !registered_domain(&pipeline->domains.registered, event->name, domain))
		return;
	tell_domain(pipeline, event, &client, domain);
	if (ours)
		pipeline_meet_domain(pipeline, &client, domain, head->time_ns);
	census_query(&pipeline->census, &client, ours, domain, head->time_ns);
	census_resolver(&pipeline->census, &server, head->time_ns);
	pairs_dns(&pipeline->pairs, event, domain, ours);
}

static void on_identity(struct pipeline *pipeline, const struct skua_event *head, const __u8 *bytes)
{
	(void)bytes;
	origins_identity(&pipeline->origins, (const struct skua_identity_event *)head);
}

typedef void event_fn(struct pipeline *pipeline, const struct skua_event *event, const __u8 *bytes);

void pipeline_event(struct pipeline *pipeline, const struct skua_event *event, const __u8 *bytes)
{
	static event_fn *const doors[SKUA_EVENT_KINDS] = {
		[SKUA_EVENT_EXCHANGE] = on_exchange,
		[SKUA_EVENT_FLOW] = on_flow,
		[SKUA_EVENT_CONTACT] = on_contact,
		[SKUA_EVENT_SOURCE] = on_overflow,
		[SKUA_EVENT_DNS] = on_dns,
		[SKUA_EVENT_ICMP] = on_icmp,
		[SKUA_EVENT_NEIGHBOUR] = on_neighbour,
		[SKUA_EVENT_SAMPLE] = on_sample,
		[SKUA_EVENT_IDENTITY] = on_identity,
	};

	pipeline->counts.events++;
	if (event->version != SKUA_ABI_VERSION || event->kind >= SKUA_EVENT_KINDS ||
	    !doors[event->kind]) {
		pipeline->counts.alien++;
		return;
	}
	/* Journals keep what samples say, not the samples: they must move nothing but that. */
	if (event->kind != SKUA_EVENT_SAMPLE) {
		if (event->time_ns > pipeline->now_ns)
			pipeline->now_ns = event->time_ns;
		pipeline->ifindex = event->ifindex;
	}
	doors[event->kind](pipeline, event, bytes);
}

void pipeline_tick(struct pipeline *pipeline, uint64_t now_ns)
{
	if (now_ns > pipeline->now_ns)
		pipeline->now_ns = now_ns;
	sources_tick(&pipeline->sources, pipeline->now_ns, judge_source, pipeline);
	pipeline_evidence_tick(pipeline, false);
	/* In a silence the clock jumps: it need not meet the minute's first second. */
	if (pipeline->now_ns / REVIEW_EVERY_NS == pipeline->reviewed)
		return;
	pipeline->reviewed = pipeline->now_ns / REVIEW_EVERY_NS;
	triggers_review(&pipeline->triggers);
	pipeline_tell_inbound(pipeline);
	ledger_review(&pipeline->ledger, pipeline->now_ns, false, say, pipeline);
}

void pipeline_ending(struct pipeline *pipeline)
{
	pipeline->at_end = true;
}

void pipeline_finish(struct pipeline *pipeline)
{
	pipeline->at_end = true;
	triggers_review(&pipeline->triggers);
	pairs_finish(&pipeline->pairs);
	domains_finish(&pipeline->domains, pipeline->now_ns, judge_subject, pipeline);
	pipeline_tell_inbound(pipeline);
	ledger_review(&pipeline->ledger, pipeline->now_ns, true, say, pipeline);
	pipeline_evidence_tick(pipeline, true);
}
