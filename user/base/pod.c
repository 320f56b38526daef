// SPDX-License-Identifier: BSD-2-Clause
/* What names Kubernetes allows. */
#include <string.h>
#include "base/pod.h"

bool pod_is_label(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length && length < POD_NAMESPACE && !text[length] && text[0] != '-' &&
	       text[length - 1] != '-';
}
