/* SPDX-License-Identifier: BSD-2-Clause */
/* Under which key the series of a finding is kept. */
#ifndef SKUA_PAGE_PAGE_KEYS_H
#define SKUA_PAGE_PAGE_KEYS_H

#include "page/series.h"
#include "report/finding.h"

struct pair_key page_key_scan(const struct address *from, uint8_t proto, bool neighbours);
struct pair_key page_key_domain(const struct address *client, const char *domain);
/* Of beacons, scans and DNS tunnels; false: of such a finding none is kept. */
bool page_key_of(const struct finding *finding, struct pair_key *key);

#endif /* SKUA_PAGE_PAGE_KEYS_H */
