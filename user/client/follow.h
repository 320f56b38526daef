/* SPDX-License-Identifier: BSD-2-Clause */
/* Waits between two questions to an agent, until a signal or until nobody reads our output. */
#ifndef SKUA_CLIENT_FOLLOW_H
#define SKUA_CLIENT_FOLLOW_H

#include <stdbool.h>

/* From now on SIGINT and SIGTERM end the waiting, and what system call they come upon. */
void follow_begin(void);
bool follow_is_stopped(void);
/* A second; false: it is over, whether by a signal or because the reader of fd has gone. */
bool follow_wait(int fd);
/* Is this an error that passes, because an agent is being started anew? */
bool follow_may_pass(int err);

#endif /* SKUA_CLIENT_FOLLOW_H */
