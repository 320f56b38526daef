/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages for people, on standard error, one line each: "skua: " and the
 * text.  The level is the only mutable global of the agent beside the stop
 * flag.  Who can name the object reports the error, once; callees return
 * -errno and keep silent.
 */
#ifndef SKUA_BASE_LOG_H
#define SKUA_BASE_LOG_H

#define skua_printf(text, first) __attribute__((__format__(__printf__, text, first)))

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);
void log_error(const char *format, ...) skua_printf(1, 2);
void log_warning(const char *format, ...) skua_printf(1, 2);
void log_info(const char *format, ...) skua_printf(1, 2);
void log_debug(const char *format, ...) skua_printf(1, 2);

#endif /* SKUA_BASE_LOG_H */
