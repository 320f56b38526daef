// SPDX-License-Identifier: BSD-2-Clause
/* Made-up sites of the Internet. */
#include <stdio.h>
#include <string.h>
#include "names.h"

void name_site(unsigned site, enum part part, char to[NAME_MOST])
{
	static const char *const parts[] = { "www", "static", "api" };
	static const char *const first[] = {
		"maple",   "river", "stone",  "amber",  "cedar",  "north",  "bright", "quiet",
		"silver",  "green", "summer", "winter", "copper", "harbor", "field",  "cloud",
		"morning", "paper", "iron",   "garden", "ocean",  "royal",  "happy",  "urban",
		"daily",   "open",  "swift",  "lucky",  "noble",  "clear",  "wild",   "golden",
	};
	static const char *const second[] = {
		"bay",   "news",  "shop",   "mail",  "forum",  "bank",   "travel", "music",
		"books", "sport", "maps",   "video", "cars",   "foods",  "works",  "press",
		"games", "house", "health", "photo", "school", "jobs",   "tools",  "media",
		"wiki",  "store", "club",   "labs",  "point",  "market", "guide",  "radio",
	};

	snprintf(to, NAME_MOST, "%s.%s%s.example", parts[part], first[site % 32],
		 second[site / 32 % 32]);
}

struct address name_address(const char *name, bool ipv4)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	struct address address;

	for (const char *at = name; *at; at++)
		hash = (hash ^ (uint8_t)*at) * 16777619u;
	hash ^= hash >> 15;
	if (ipv4)
		address = (struct address){ .bytes = { [10] = 255,
						       255,
						       198,
						       18 + (hash >> 16 & 1),
						       hash >> 8,
						       1 + hash % 254 } };
	else
		address = (struct address){ .bytes = { 0x20, 1, 0xd, 0xb8, hash >> 24, hash >> 16,
						       hash >> 8, [15] = 1 + hash % 254 } };
	return address;
}
