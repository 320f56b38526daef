// SPDX-License-Identifier: BSD-2-Clause
/* Link types by their numbers in files. */
#include "capture/linktype.h"
#include "skua/link.h"

int linktype_link(uint16_t linktype)
{
	switch (linktype) {
	case 1:
		return SKUA_LINK_ETHERNET;
	case 12:
	case 14:
	case 101:
	case 228:
	case 229:
		return SKUA_LINK_RAW;
	case 0:
	case 108:
		return SKUA_LINK_NULL;
	case 113:
		return SKUA_LINK_SLL;
	case 276:
		return SKUA_LINK_SLL2;
	default:
		return -1;
	}
}
