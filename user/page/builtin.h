/* SPDX-License-Identifier: BSD-2-Clause */
/* Style and script of the page, from tools/web by way of tools/embed-page.sh. */
#ifndef SKUA_PAGE_BUILTIN_H
#define SKUA_PAGE_BUILTIN_H

extern const char page_css[];
extern const char page_js[];

#endif /* SKUA_PAGE_BUILTIN_H */
