// SPDX-License-Identifier: BSD-2-Clause
/* A network interface opened by libpcap. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "capture/pcap_device.h"

int pcap_device_errno(int status)
{
	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		return -EPERM;
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return -ENODEV;
	case PCAP_ERROR_IFACE_NOT_UP:
		return -ENETDOWN;
	default:
		return -EIO;
	}
}

/* One line about a handle that could not be opened. */
static int refused(pcap_t *pcap, const char *name, int status, char error[PCAP_DEVICE_ERROR])
{
	int err = pcap_device_errno(status);

	if (err == -EPERM)
		snprintf(error, PCAP_DEVICE_ERROR,
			 "%.64s: capturing is not permitted; it needs root or CAP_NET_RAW", name);
	else if (err == -ENODEV)
		snprintf(error, PCAP_DEVICE_ERROR,
			 "%.64s: no such interface; `ip link` lists those there are", name);
	else if (err == -ENETDOWN)
		snprintf(error, PCAP_DEVICE_ERROR,
			 "%.64s: the interface is down; `ip link set %.64s up` starts it", name,
			 name);
	else
		snprintf(error, PCAP_DEVICE_ERROR, "%.64s: cannot capture: %.150s", name,
			 pcap_geterr(pcap));
	return err;
}

static int activate(pcap_t *pcap, const struct pcap_device_options *options,
		    char error[PCAP_DEVICE_ERROR])
{
	uint32_t buffer = options->buffer_bytes ? options->buffer_bytes : PCAP_DEVICE_BUFFER;
	bool any = !strcmp(options->name, PCAP_DEVICE_ANY);
	char reason[PCAP_ERRBUF_SIZE] = "";
	int status;

	pcap_set_snaplen(pcap, (int)options->snaplen);
	pcap_set_promisc(pcap, options->promiscuous && !any);
	pcap_set_timeout(pcap, PCAP_DEVICE_WAIT_MS);
	pcap_set_buffer_size(pcap, (int)buffer);
	if (options->nanoseconds)
		pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(pcap);
	if (status < 0)
		return refused(pcap, options->name, status, error);
	if (any && pcap_set_datalink(pcap, DLT_LINUX_SLL2)) {
		snprintf(error, PCAP_DEVICE_ERROR,
			 "%s: this libpcap does not say interfaces; it must be 1.10 or later",
			 options->name);
		return -ENOTSUP;
	}
	if (pcap_setnonblock(pcap, 1, reason)) {
		snprintf(error, PCAP_DEVICE_ERROR, "%.64s: cannot capture: %.150s", options->name,
			 reason);
		return -EIO;
	}
	return 0;
}

int pcap_device_init(struct pcap_device *device, const struct pcap_device_options *options,
		     char error[PCAP_DEVICE_ERROR])
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	bpf_u_int32 network;
	pcap_t *pcap;
	int err;

	if (options->buffer_bytes > INT32_MAX || options->snaplen > PCAP_DEVICE_SNAPLEN_MAX) {
		snprintf(error, PCAP_DEVICE_ERROR,
			 "%.64s: at most %u bytes of a packet and 2 GB of packets can be kept",
			 options->name, PCAP_DEVICE_SNAPLEN_MAX);
		return -EINVAL;
	}
	pcap = pcap_create(options->name, reason);
	if (!pcap) {
		snprintf(error, PCAP_DEVICE_ERROR, "%.64s: cannot capture: %.150s", options->name,
			 reason);
		return -ENOMEM;
	}
	err = activate(pcap, options, error);
	if (err) {
		pcap_close(pcap);
		return err;
	}
	*device = (struct pcap_device){ .pcap = pcap };
	pcap_lookupnet(options->name, &network, &device->netmask, reason);
	return 0;
}

void pcap_device_fini(struct pcap_device *device)
{
	if (device->pcap)
		pcap_close(device->pcap);
	device->pcap = NULL;
}

int pcap_device_filter(struct pcap_device *device, const char *expression,
		       char error[PCAP_DEVICE_ERROR])
{
	struct bpf_program code;
	int err = 0;

	if (pcap_compile(device->pcap, &code, expression, 1, device->netmask)) {
		snprintf(error, PCAP_DEVICE_ERROR, "filter '%.80s': %.120s; see pcap-filter(7)",
			 expression, pcap_geterr(device->pcap));
		return -EINVAL;
	}
	if (pcap_setfilter(device->pcap, &code)) {
		snprintf(error, PCAP_DEVICE_ERROR, "filter '%.80s': %.120s", expression,
			 pcap_geterr(device->pcap));
		err = -EIO;
	}
	pcap_freecode(&code);
	return err;
}

void pcap_device_count(struct pcap_device *device)
{
	struct pcap_stat now = {};

	if (pcap_stats(device->pcap, &now))
		return;
	device->losses.dropped += (uint32_t)(now.ps_drop - device->before.ps_drop);
	device->losses.interface_dropped += (uint32_t)(now.ps_ifdrop - device->before.ps_ifdrop);
	device->before = now;
}
