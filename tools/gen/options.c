// SPDX-License-Identifier: BSD-2-Clause
/* The options of actors: one table of names, targets and what a value must look like. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "options.h"
#include "spells.h"

#define MIN_MTU 68 /* RFC 791: what every link can carry */

struct option {
	const char *name;
	int (*read)(const struct option *option, void *to, const char *text);
	size_t at; /* in struct spec */
	const char *form;
	const char *choices; /* words, or NULL */
	unsigned value;      /* of an option that has none of its own */
};

/* The place of word in a list separated by '|', or -1. */
static int place_of(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (int i = 0;; i++) {
		size_t n = strcspn(list, "|");

		if (n == length && !memcmp(list, word, n))
			return i;
		if (!list[n])
			return -1;
		list += n + 1;
	}
}

static int read_choice(const struct option *option, void *to, const char *text)
{
	int place = place_of(option->choices, text);

	if (place < 0)
		return -EINVAL;
	*(unsigned *)to = place;
	return 0;
}

static int read_switch(const struct option *option, void *to, const char *text)
{
	int place = place_of("off|on", text);

	if (place < 0)
		return -EINVAL;
	*(bool *)to = (unsigned)place == option->value;
	return 0;
}

static int read_addresses(const struct option *option, void *to, const char *text)
{
	(void)option;
	return value_addresses(to, text);
}

/* With a port or without; those who need one require "to" to have it. */
static int read_endpoint(const struct option *option, void *to, const char *text)
{
	struct spec *spec = (struct spec *)((char *)to - option->at);

	if (!value_addresses(to, text))
		return 0;
	return value_endpoint(to, &spec->port, text);
}

static int read_ports(const struct option *option, void *to, const char *text)
{
	(void)option;
	return value_ports(to, text);
}

static int read_duration(const struct option *option, void *to, const char *text)
{
	(void)option;
	return value_duration(to, text);
}

static int read_spells(const struct option *option, void *to, const char *text)
{
	(void)option;
	return value_spells(to, text);
}

static int read_proxy(const struct option *option, void *to, const char *text)
{
	struct spec *spec = (struct spec *)((char *)to - option->at);

	return value_endpoint(to, &spec->proxy_port, text);
}

/* T0 to T2 as nmap documents them; in the others it adapts, to about this much nearby. */
static int read_timing(const struct option *option, void *to, const char *text)
{
	static const uint32_t delays_us[] = { 300000000, 15000000, 400000, 10000, 2000, 500 };
	int place = place_of(option->choices, text);

	if (place < 0)
		return -EINVAL;
	*(uint64_t *)to = delays_us[place] * 1000ull;
	return 0;
}

static int read_fraction(const struct option *option, void *to, const char *text)
{
	(void)option;
	return value_fraction(to, text);
}

static int read_spread(const struct option *option, void *to, const char *text)
{
	struct spread spread;

	(void)option;
	if (value_spread(&spread, text) || spread.middle + spread.width > 1000000000)
		return -EINVAL;
	*(struct spread *)to = spread;
	return 0;
}

static int read_rate(const struct option *option, void *to, const char *text)
{
	(void)option;
	return value_rate(to, text);
}

static int read_count(const struct option *option, void *to, const char *text)
{
	(void)option;
	return value_count(to, text);
}

static int read_number32(const struct option *option, void *to, const char *text)
{
	uint64_t value;

	(void)option;
	if (value_count(&value, text) || value > 1000000)
		return -EINVAL;
	*(uint32_t *)to = value;
	return 0;
}

static int read_mtu(const struct option *option, void *to, const char *text)
{
	uint64_t value;

	(void)option;
	if (value_count(&value, text) || value < MIN_MTU || value > WIRE_MAX)
		return -EINVAL;
	*(uint16_t *)to = value;
	return 0;
}

static int read_text(const struct option *option, void *to, const char *text)
{
	(void)option;
	if (strlen(text) >= SPEC_TEXT)
		return -EINVAL;
	strcpy(to, strcmp(text, "none") ? text : "");
	return 0;
}

static int read_flag(const struct option *option, void *to, const char *text)
{
	(void)text;
	*(unsigned *)to = option->value;
	return 0;
}

static int read_vlan(const struct option *option, void *to, const char *text)
{
	struct route *route = to;
	char inner[8] = "", outer[8] = "0", dot[2] = "";
	uint64_t tag, outer_tag;
	bool both = option->value;

	if (both ? sscanf(text, "%7[0-9]%1[.]%7[0-9]", outer, dot, inner) != 3
		 : snprintf(inner, sizeof(inner), "%s", text) >= (int)sizeof(inner))
		return -EINVAL;
	if (value_count(&tag, inner) || value_count(&outer_tag, outer) || !tag || tag > 4094 ||
	    outer_tag > 4094 || (both && !outer_tag))
		return -EINVAL;
	route->vlan = tag;
	route->outer_vlan = outer_tag;
	return 0;
}

/* "42,192.0.2.1,192.0.2.2" */
static int read_vxlan(const struct option *option, void *to, const char *text)
{
	struct route *route = to;
	struct addresses ends;
	char vni[16];
	size_t length = strcspn(text, ",");
	uint64_t number;

	(void)option;
	if (!text[length] || length >= sizeof(vni))
		return -EINVAL;
	memcpy(vni, text, length);
	vni[length] = 0;
	if (value_count(&number, vni) || number >= 1 << 24 ||
	    value_addresses(&ends, text + length + 1) || addresses_count(&ends) != 2)
		return -EINVAL;
	route->vxlan = true;
	route->vni = number;
	route->ends[0] = addresses_at(&ends, 0);
	route->ends[1] = addresses_at(&ends, 1);
	return 0;
}

/* "refused=0.99,open=0.005,silent=0.005"; what is left of 1 refuses. */
static int read_answers(const struct option *option, void *to, const char *text)
{
	uint32_t shares[ANSWERS] = { 0 }, sum = 0;
	char words[SPEC_TEXT], *rest = words, *item;

	if (strlen(text) >= sizeof(words))
		return -EINVAL;
	strcpy(words, text);
	while ((item = strsep(&rest, ","))) {
		char *sign = strchr(item, '=');
		int place;

		if (!sign)
			return -EINVAL;
		*sign = 0;
		place = place_of(option->choices, item);
		if (place < 0 || value_fraction(&shares[place], sign + 1))
			return -EINVAL;
	}
	for (unsigned i = 0; i < ANSWERS; i++)
		sum += shares[i];
	if (sum > PPM)
		return -EINVAL;
	shares[ANSWER_REFUSED] += PPM - sum;
	memcpy(to, shares, sizeof(shares));
	return 0;
}

static int read_type(const struct option *option, void *to, const char *text)
{
	static const uint16_t types[] = { 1, 28, 16, 10, 5, 15, 25, 12 };
	int place = place_of(option->choices, text);

	if (place < 0)
		return -EINVAL;
	*(uint16_t *)to = types[place];
	return 0;
}

#define AT(member) offsetof(struct spec, member)
#define ADDRESSES "addresses such as 10.9.0.5, 10.9.0.10-10.9.0.40 or 10.9.1.0/24"
#define DURATION "a duration such as 200ms, 300s, 5m or 6h"
#define FRACTION "a fraction such as 20% or 0.2"
#define SPREAD "a size such as 600 or 600+-20"
#define COUNT "a number such as 100 or 80M"
#define LAWS                                                                                       \
	"fixed|uniform|sub|add|normal|gamma|exponential|cobalt|sliver|empire|poshc2|mythic|"       \
	"covenant|caldera|weibull|lognormal"
#define ORDERS "random|sequential|interleaved|block|masscan"
#define STYLES "iodine|dnscat2|dns2tcp|slow|dnsexfiltrator|hexfile|words"
#define SHAPES "random|ptunnel|icmpsh|oneway"
#define SPELLS "spells such as 2x30m"
#define TECHNIQUES "syn|connect|fin|null|xmas|maimon|ack|udp|icmp|arp|ns"

static const struct option options[] = {
	{ "from", read_addresses, AT(from), ADDRESSES, NULL, 0 },
	{ "hosts", read_addresses, AT(from), ADDRESSES, NULL, 0 },
	{ "to", read_endpoint, AT(to), "addresses with a port, such as 203.0.113.5:443", NULL, 0 },
	{ "server", read_endpoint, AT(to), ADDRESSES, NULL, 0 },
	{ "via", read_addresses, AT(via), ADDRESSES, NULL, 0 },
	{ "resolver", read_addresses, AT(via), ADDRESSES, NULL, 0 },
	{ "port", read_ports, AT(ports), "ports such as 445 or 1-1000,8080", NULL, 0 },
	{ "ports", read_ports, AT(ports), "ports such as 445 or 1-1000,8080", NULL, 0 },
	{ "every", read_duration, AT(every_ns), DURATION, NULL, 0 },
	{ "start", read_duration, AT(start_ns), DURATION, NULL, 0 },
	{ "until", read_duration, AT(until_ns), DURATION, NULL, 0 },
	{ "life", read_duration, AT(life_ns), DURATION, NULL, 0 },
	{ "jitter", read_fraction, AT(jitter_ppm), FRACTION, NULL, 0 },
	{ "loss", read_fraction, AT(loss_ppm), FRACTION, NULL, 0 },
	{ "alive", read_fraction, AT(alive_ppm), FRACTION, NULL, 0 },
	{ "udp-share", read_fraction, AT(udp_ppm), FRACTION, NULL, 0 },
	{ "answers", read_answers, AT(answers_ppm),
	  "shares up to 1, such as refused=0.99,open=0.01 (open, refused, silent, unreachable)",
	  "open|refused|silent|unreachable", 0 },
	{ "size", read_spread, AT(size), SPREAD, NULL, 0 },
	{ "reply", read_spread, AT(reply), SPREAD, NULL, 0 },
	{ "rate", read_rate, AT(rate), "a rate such as 200/s, 1/10m or 10M/s", NULL, 0 },
	{ "count", read_count, AT(count), COUNT, NULL, 0 },
	{ "queries", read_count, AT(count), COUNT, NULL, 0 },
	{ "bytes", read_count, AT(bytes), COUNT, NULL, 0 },
	{ "flows", read_count, AT(flows), COUNT, NULL, 0 },
	{ "packets", read_count, AT(packets), COUNT, NULL, 0 },
	{ "law", read_choice, AT(law), "one of " LAWS, LAWS, 0 },
	{ "mode", read_choice, AT(mode), "reconnect or keepalive", "reconnect|keepalive", 0 },
	{ "close", read_choice, AT(ending), "fin, reset or none", "fin|reset|none", 0 },
	{ "order", read_choice, AT(order), "one of " ORDERS, ORDERS, 0 },
	{ "style", read_choice, AT(style), "one of " STYLES, STYLES, 0 },
	{ "shape", read_choice, AT(shape), "one of " SHAPES, SHAPES, 0 },
	{ "sizes", read_choice, AT(sizes), "even, constant, padded or random",
	  "even|constant|padded|random", 0 },
	{ "timing", read_timing, AT(every_ns), "T0 to T5", "T0|T1|T2|T3|T4|T5", 0 },
	{ "technique", read_choice, AT(technique), "one of " TECHNIQUES, TECHNIQUES, 0 },
	{ "expect", read_choice, AT(expect), "alert or no-alert", "|alert|no-alert", 0 },
	{ "lookup", read_switch, AT(no_lookup), "on or off", NULL, 0 },
	{ "alpn", read_switch, AT(alpn), "on or off", NULL, 1 },
	{ "type", read_type, AT(type), "one of A, AAAA, TXT, NULL, CNAME, MX, KEY or PTR",
	  "A|AAAA|TXT|NULL|CNAME|MX|KEY|PTR", 0 },
	{ "sites", read_number32, AT(sites), "a number", NULL, 0 },
	{ "behind", read_number32, AT(behind), "a number", NULL, 0 },
	{ "turns", read_number32, AT(turns), "a number", NULL, 0 },
	{ "connections", read_number32, AT(connections), "a number", NULL, 0 },
	{ "steady", read_switch, AT(steady), "on or off", NULL, 1 },
	{ "busy", read_fraction, AT(busy_ppm), FRACTION, NULL, 0 },
	{ "pace", read_duration, AT(pace_ns), DURATION, NULL, 0 },
	{ "path", read_text, AT(path), "a path such as /healthz", NULL, 0 },
	{ "tls", read_flag, AT(application), NULL, NULL, APPLICATION_TLS },
	{ "http", read_flag, AT(application), NULL, NULL, APPLICATION_HTTP },
	{ "raw", read_flag, AT(application), NULL, NULL, APPLICATION_RAW },
	{ "udp", read_flag, AT(application), NULL, NULL, APPLICATION_UDP },
	{ "sni", read_text, AT(name), "a name of at most 159 characters, or none", NULL, 0 },
	{ "name", read_text, AT(name), "a name of at most 159 characters, or none", NULL, 0 },
	{ "domain", read_text, AT(name), "a name of at most 159 characters", NULL, 0 },
	{ "agent", read_text, AT(agent), "at most 159 characters", NULL, 0 },
	{ "vlan", read_vlan, AT(route), "a tag from 1 to 4094", NULL, 0 },
	{ "qinq", read_vlan, AT(route), "two tags such as 100.20", NULL, 1 },
	{ "vxlan", read_vxlan, AT(route), "number and tunnel ends: 42,192.0.2.1,192.0.2.2", NULL,
	  0 },
	{ "mtu", read_mtu, AT(route.mtu), "a size from 68 to 65535", NULL, 0 },
	{ "snaplen", read_number32, AT(route.snaplen), "a size in bytes", NULL, 0 },
	{ "tasking", read_spells, AT(tasking), SPELLS, NULL, 0 },
	{ "outage", read_spells, AT(outage), SPELLS, NULL, 0 },
	{ "together", read_ports, AT(together), "numbers such as 1-3", NULL, 0 },
	{ "noise", read_duration, AT(noise_ns), DURATION, NULL, 0 },
	{ "drift", read_fraction, AT(drift_ppm), FRACTION, NULL, 0 },
	{ "retry", read_duration, AT(retry_ns), DURATION, NULL, 0 },
	{ "proxy", read_proxy, AT(proxy), "a place such as 10.9.0.3:3128", NULL, 0 },
	{ "retries", read_number32, AT(retries), "a number", NULL, 0 },
	{ "source-ports", read_number32, AT(source_ports), "a number", NULL, 0 },
	{ "grab", read_switch, AT(grab), "on or off", NULL, 1 },
	{ "polls", read_fraction, AT(polls_ppm), FRACTION, NULL, 0 },
	{ "letters", read_number32, AT(letters), "a number", NULL, 0 },
	{ "quic", read_switch, AT(quic), "on or off", NULL, 1 },
};

static const char everyone[] = "start until vlan qinq vxlan mtu snaplen expect";

/* Whether a list of words holds word. */
static bool lists(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += length)
		if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return true;
	return false;
}

static const struct option *find(const char *allowed, const char *name)
{
	if (allowed && !lists(allowed, name) && !lists(everyone, name))
		return NULL;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(options[i].name, name))
			return &options[i];
	return NULL;
}

int options_read(struct actor *actor, const char *allowed, char *const *words, unsigned count,
		 char complaint[OPTION_COMPLAINT])
{
	for (unsigned i = 0; i < count; i++) {
		const struct option *option = find(allowed, words[i]);
		const char *value = i + 1 < count ? words[i + 1] : "";

		if (!option) {
			snprintf(complaint, OPTION_COMPLAINT,
				 "%s: unknown option; use one of: %s %s", words[i],
				 actor->kind->options, everyone);
			return -EINVAL;
		}
		if (option->read(option, (char *)&actor->spec + option->at, value)) {
			snprintf(complaint, OPTION_COMPLAINT, "%s: bad value \"%s\"; write %s",
				 option->name, value, option->form);
			return -EINVAL;
		}
		i += option->form != NULL;
	}
	return 0;
}
