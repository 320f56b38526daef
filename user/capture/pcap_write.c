// SPDX-License-Identifier: BSD-2-Clause
/* Plain full-packet capture into files in turn. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "capture/pcap_write.h"
#include "capture/rotation.h"

#define PACKETS_PER_POLL 4096
#define FILE_HEADER 24
#define RECORD_HEADER 16

struct pcap_write {
	struct pcap_write_options options;
	struct pcap_device device;
	struct rotation rotation;
	char name[ROTATION_NAME];
	pcap_dumper_t *dumper;            /* NULL: closed */
	uint64_t size, packets;           /* of this file, as given to stdio */
	uint64_t safe_size, safe_packets; /* as given to the kernel */
	struct pcap_write_counts counts;
	int state; /* what poll() returns from now on */
};

static const char *remedy(int err)
{
	switch (err) {
	case -ENOSPC:
	case -EDQUOT:
		return "free some space, or keep less with -C and -W";
	case -EACCES:
	case -EPERM:
	case -EROFS:
		return "its directory must be writable for this account";
	case -ENOENT:
		return "its directory must exist";
	case -ENAMETOOLONG:
		return "give a shorter name";
	case -EFBIG:
		return "begin a new file earlier with -C";
	case -EPIPE:
		return "whoever read it has gone";
	default:
		return "write elsewhere";
	}
}

static FILE *open_stream(const char *name)
{
	FILE *stream;
	int fd, err;

	if (!strcmp(name, "-"))
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	else
		fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return NULL;
	stream = fdopen(fd, "wb");
	if (stream)
		return stream;
	err = errno;
	close(fd);
	errno = err;
	return NULL;
}

/* All that was written goes to the kernel: 0 or -errno. */
static int flush_file(struct pcap_write *write)
{
	errno = 0;
	if (pcap_dump_flush(write->dumper) || ferror(pcap_dump_file(write->dumper)))
		return errno ? -errno : -EIO;
	write->counts.captured += write->packets - write->safe_packets;
	write->counts.bytes += write->size - write->safe_size;
	write->safe_packets = write->packets;
	write->safe_size = write->size;
	return 0;
}

/* Opens the file whose turn it is: 0 or -errno. */
static int open_file(struct pcap_write *write)
{
	int err = rotation_name(&write->rotation, write->name);
	FILE *stream;

	if (err) {
		snprintf(write->name, sizeof(write->name), "%s", write->options.file);
		return err;
	}
	stream = open_stream(write->name);
	if (!stream)
		return -errno;
	write->dumper = pcap_dump_fopen(write->device.pcap, stream);
	if (!write->dumper) {
		fclose(stream);
		return -EIO;
	}
	write->counts.files++;
	write->size = FILE_HEADER;
	write->packets = write->safe_size = write->safe_packets = 0;
	return flush_file(write); /* a reader may come at once */
}

/* What did not get through is taken back, so that the file ends with a whole packet. */
static void abandon_file(struct pcap_write *write)
{
	struct stat about;
	int fd;

	if (!write->dumper)
		return;
	fd = fcntl(fileno(pcap_dump_file(write->dumper)), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	pcap_dump_close(write->dumper); /* tries again to write what stdio holds */
	write->dumper = NULL;
	if (fd < 0)
		return;
	if (!fstat(fd, &about) && S_ISREG(about.st_mode) &&
	    (uint64_t)about.st_size > write->safe_size && strcmp(write->name, "-") &&
	    ftruncate(fd, (off_t)write->safe_size))
		log_warning("%s: ends within a packet: %s; its reader will say so", write->name,
			    strerror(errno));
	close(fd);
}

static void fail(struct pcap_write *write, int err)
{
	write->state = err;
	write->counts.unwritten += write->packets - write->safe_packets;
	log_error("%s: cannot write packets: %s; %s", write->name, strerror(-err), remedy(err));
	abandon_file(write);
}

static int close_file(struct pcap_write *write)
{
	int err = flush_file(write);

	if (err)
		return err;
	pcap_dump_close(write->dumper);
	write->dumper = NULL;
	return 0;
}

/* The next file, or the end. */
static int turn(struct pcap_write *write)
{
	enum rotation_step step = rotation_step(&write->rotation, time(NULL), write->size);
	int err;

	if (step == ROTATION_STAY)
		return 0;
	err = close_file(write);
	if (err)
		return err;
	write->packets = write->safe_packets = 0;
	if (step == ROTATION_NEXT)
		return open_file(write);
	write->state = SOURCE_END;
	return 0;
}

/* 0 or -errno, which may be that of packets before. */
static int put(struct pcap_write *write, const struct pcap_pkthdr *header, const u_char *bytes)
{
	errno = 0;
	pcap_dump((u_char *)write->dumper, header, bytes);
	write->packets++;
	write->size += RECORD_HEADER + header->caplen;
	if (ferror(pcap_dump_file(write->dumper)))
		return errno ? -errno : -EIO;
	if (write->options.count &&
	    write->counts.captured + write->packets - write->safe_packets >= write->options.count)
		write->state = SOURCE_END;
	return 0;
}

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct pcap_write *write = (struct pcap_write *)user;
	int err;

	if (write->state != SOURCE_AGAIN) /* libpcap finishes its block, we are done */
		return;
	err = turn(write);
	if (err)
		write->counts.unwritten++; /* this one */
	else if (write->state == SOURCE_AGAIN)
		err = put(write, header, bytes);
	if (err)
		fail(write, err);
	if (write->state != SOURCE_AGAIN)
		pcap_breakloop(write->device.pcap);
}

int pcap_write_poll(struct pcap_write *write)
{
	int n, err;

	if (write->state != SOURCE_AGAIN)
		return write->state;
	n = pcap_dispatch(write->device.pcap, PACKETS_PER_POLL, on_packet, (u_char *)write);
	err = write->dumper ? flush_file(write) : 0;
	if (err)
		fail(write, err);
	if (n < 0 && n != PCAP_ERROR_BREAK && write->state == SOURCE_AGAIN) {
		write->state = pcap_device_errno(n);
		log_error("%s: cannot capture any longer: %s; %s is complete up to here",
			  write->options.interface, pcap_geterr(write->device.pcap), write->name);
	}
	return write->state;
}

static int check(const struct pcap_write_options *options, char error[PCAP_DEVICE_ERROR])
{
	if (options->files && !options->megabytes && !options->seconds) {
		snprintf(error, PCAP_DEVICE_ERROR,
			 "%.80s: a number of files needs to be told when one is complete: -C or -G",
			 options->file);
		return -EINVAL;
	}
	if (!strcmp(options->file, "-") && (options->megabytes || options->seconds)) {
		snprintf(error, PCAP_DEVICE_ERROR,
			 "standard output is one file: -C and -G need a name");
		return -EINVAL;
	}
	return 0;
}

static int open_capture(struct pcap_write *write, char error[PCAP_DEVICE_ERROR])
{
	const struct pcap_write_options *options = &write->options;
	const struct pcap_device_options device = {
		.name = options->interface,
		.snaplen = options->snaplen ? options->snaplen : PCAP_DEVICE_SNAPLEN_MAX,
		.buffer_bytes = options->buffer_bytes,
		.promiscuous = !options->not_promiscuous,
	};
	int err = pcap_device_init(&write->device, &device, error);

	if (!err && options->filter)
		err = pcap_device_filter(&write->device, options->filter, error);
	if (err)
		return err;
	err = open_file(write);
	if (err)
		snprintf(error, PCAP_DEVICE_ERROR, "%.120s: cannot write packets: %.40s; %s",
			 write->name, strerror(-err), remedy(err));
	return err;
}

int pcap_write_open(struct pcap_write **out, const struct pcap_write_options *options,
		    char error[PCAP_DEVICE_ERROR])
{
	struct pcap_write *write;
	int err = check(options, error);

	if (err)
		return err;
	write = calloc(1, sizeof(*write));
	if (!write) {
		snprintf(error, PCAP_DEVICE_ERROR, "cannot capture: out of memory");
		return -ENOMEM;
	}
	write->options = *options;
	write->rotation = (struct rotation){ .file = options->file,
					     .megabytes = options->megabytes,
					     .seconds = options->seconds,
					     .files = options->files,
					     .since_s = time(NULL) };
	err = open_capture(write, error);
	if (err)
		pcap_write_close(write);
	else
		*out = write;
	return err;
}

void pcap_write_close(struct pcap_write *write)
{
	if (!write)
		return;
	if (write->dumper)
		pcap_dump_close(write->dumper);
	pcap_device_fini(&write->device);
	free(write);
}

int pcap_write_fd(const struct pcap_write *write)
{
	return pcap_get_selectable_fd(write->device.pcap);
}

const char *pcap_write_name(const struct pcap_write *write)
{
	return write->name;
}

void pcap_write_counts(struct pcap_write *write, struct pcap_write_counts *counts)
{
	pcap_device_count(&write->device);
	*counts = write->counts;
	counts->losses = write->device.losses;
}
