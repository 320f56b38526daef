/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of a scenario as values: durations, sizes, rates, addresses, ports.
 * Every parser takes the whole word and returns 0 or -EINVAL, with the target
 * untouched on failure.
 */
#ifndef SKUA_GEN_VALUES_H
#define SKUA_GEN_VALUES_H

#include "base/address.h"
#include "draw.h"

#define SPANS 16
#define NS_PER_S 1000000000ull

/* A list of ranges of addresses, with the text it came from (for the truth file). */
struct addresses {
	struct {
		struct address first;
		uint64_t count;
	} spans[SPANS];
	unsigned used;
	char text[160];
};

struct ports {
	struct {
		uint16_t first, last;
	} spans[SPANS];
	unsigned used;
	char text[80];
};

/* amount per period, for example 200 probes or 10,000,000 bytes a second. */
struct rate {
	uint64_t amount, period_ns;
};

/* "300s", "1.5h", "200ms", "+10m" as ns, at most 100 years. */
int value_duration(uint64_t *ns, const char *text);
/* "2026-01-05T08:00:00Z" as ns since the Unix epoch; years 1970 to 2199. */
int value_time(uint64_t *ns, const char *text);
/* "80M", "1.5k", "1000": decimal multiples, as file sizes on the wire are counted. */
int value_count(uint64_t *count, const char *text);
/* "10%" or "0.1", at most 1000 % (a jitter may be that large). */
int value_fraction(uint32_t *ppm, const char *text);
int value_rate(struct rate *rate, const char *text);
int value_spread(struct spread *spread, const char *text);
/* "1-1000,8080" */
int value_ports(struct ports *ports, const char *text);
/* "10.9.0.5", "10.9.0.10-10.9.0.40", "10.9.1.0/24", and commas between them. */
int value_addresses(struct addresses *addresses, const char *text);
/* The same with ":443" behind; IPv6 in brackets. */
int value_endpoint(struct addresses *addresses, uint16_t *port, const char *text);

uint64_t addresses_count(const struct addresses *addresses);
/* The index-th address; index < addresses_count(). */
struct address addresses_at(const struct addresses *addresses, uint64_t index);
bool addresses_contain(const struct addresses *addresses, const struct address *address);
unsigned ports_count(const struct ports *ports);
uint16_t ports_at(const struct ports *ports, unsigned index);

#endif /* SKUA_GEN_VALUES_H */
