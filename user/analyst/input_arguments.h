/* SPDX-License-Identifier: BSD-2-Clause */
/* FILE... [FILTER] as every command takes them that reads captures. */
#ifndef SKUA_ANALYST_INPUT_ARGUMENTS_H
#define SKUA_ANALYST_INPUT_ARGUMENTS_H

#include "capture/file_in.h"

#define INPUT_FILTER_SIZE 4096

/*
 * The arguments up to the first that is no existing path are files, the rest
 * is the filter; -- separates.  *read, when it is not NULL, is the file of an
 * option -r.  0, or -EINVAL, which has been logged.  What input points to is
 * in argv, *read and filter.
 */
int input_arguments(int argc, char **argv, const char *const *read, struct file_in_options *input,
		    char filter[INPUT_FILTER_SIZE]);

#endif /* SKUA_ANALYST_INPUT_ARGUMENTS_H */
