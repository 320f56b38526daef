/* SPDX-License-Identifier: BSD-2-Clause */
/* What every dissector says of the bytes it was shown. */
#ifndef SKUA_DISSECT_VERDICT_H
#define SKUA_DISSECT_VERDICT_H

enum dissect_verdict {
	DISSECT_DONE,      /* *out is complete */
	DISSECT_NEED_MORE, /* a beginning of it; *out holds what was said so far */
	DISSECT_NOT,       /* something else, or malformed; *out is all zero */
};

#endif /* SKUA_DISSECT_VERDICT_H */
