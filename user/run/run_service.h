/* SPDX-License-Identifier: BSD-2-Clause */
/* What a live run tells the service manager that started it, if one did. */
#ifndef SKUA_RUN_RUN_SERVICE_H
#define SKUA_RUN_RUN_SERVICE_H

struct run;

/* While sockets can still be made: 0, or -errno, which has been logged. */
int run_service_open(struct run *run);
/* Attached, and without privileges. */
void run_service_ready(struct run *run);
/* A second of the source's clock has passed: a sign of life, if one is due.  Called by nobody but
 * the loop, and by it only when events arrive: if either hangs, the service manager hears nothing.
 */
void run_service_tick(struct run *run);
/* Lists are read again from now on, until run_service_ready(). */
void run_service_reloading(struct run *run);
void run_service_stopping(struct run *run);

#endif /* SKUA_RUN_RUN_SERVICE_H */
