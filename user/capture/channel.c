// SPDX-License-Identifier: BSD-2-Clause
/* Messages of one size, with descriptors, over a socket pair. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "capture/channel.h"

#define FDS_SIZE (LOADER_MAPS * sizeof(int))

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(FDS_SIZE)];
};

int channel_open(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ? -errno : 0;
}

int channel_send(int fd, const struct channel_message *message, const int *fds)
{
	union control control = {};
	struct iovec part = { (void *)message, sizeof(*message) };
	struct msghdr head = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fds) {
		head.msg_control = &control;
		head.msg_controllen = sizeof(control);
		control.head = (struct cmsghdr){ CMSG_LEN(FDS_SIZE), SOL_SOCKET, SCM_RIGHTS };
		memcpy(CMSG_DATA(&control.head), fds, FDS_SIZE);
	}
	return sendmsg(fd, &head, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Those that nobody wants would stay open for ever. */
static int take_fds(struct msghdr *head, int fds[LOADER_MAPS])
{
	struct cmsghdr *control = CMSG_FIRSTHDR(head);
	int got[LOADER_MAPS];
	size_t count;

	if (!control || control->cmsg_type != SCM_RIGHTS)
		return fds ? -EBADMSG : 0;
	count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	if (count > LOADER_MAPS)
		return -EBADMSG;
	memcpy(got, CMSG_DATA(control), count * sizeof(int));
	if (fds && count == LOADER_MAPS) {
		memcpy(fds, got, sizeof(got));
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		close(got[i]);
	return fds ? -EBADMSG : 0;
}

int channel_receive(int fd, struct channel_message *message, int fds[LOADER_MAPS])
{
	struct channel_message read;
	union control control;
	struct iovec part = { &read, sizeof(read) };
	struct msghdr head = { .msg_iov = &part,
			       .msg_iovlen = 1,
			       .msg_control = &control,
			       .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &head, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	int err;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (!n)
		return -EPIPE;
	err = take_fds(&head, n == sizeof(read) && read.kind == CHANNEL_READY ? fds : NULL);
	if (err)
		return err;
	if (n != sizeof(read) || read.kind >= CHANNEL_KINDS)
		return -EBADMSG;
	*message = read;
	message->name[IF_NAMESIZE - 1] = '\0';
	message->text[CHANNEL_TEXT - 1] = '\0';
	return 1;
}
