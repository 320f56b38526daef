// SPDX-License-Identifier: BSD-2-Clause
/* The table of detectors. */
#include <stddef.h>
#include "detect/detect.h"

const struct detector *const detectors[] = {
	&beacon_detector,
	&scan_detector,
	&exfil_volume_detector,
	&exfil_icmp_detector,
	&dns_exfil_detector,
	&dns_dga_detector,
	NULL,
};
