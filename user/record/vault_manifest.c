// SPDX-License-Identifier: BSD-2-Clause
/* Appends lines to a vault's manifest and points HEAD at the last. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include "record/vault_store.h"

int vault_manifest_open(struct vault *vault)
{
	struct stat status;
	int fd = openat(vault->root, VAULT_MANIFEST,
			O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, VAULT_MODE);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status))
		err = -errno;
	else if (!S_ISREG(status.st_mode))
		err = -EINVAL;
	else if (fsync(vault->root))
		err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	vault->manifest = fd;
	vault->manifest_bytes = (uint64_t)status.st_size;
	return 0;
}

int vault_manifest_check(const struct vault *vault)
{
	struct stat ours, there;

	if (fstat(vault->manifest, &ours) ||
	    fstatat(vault->root, VAULT_MANIFEST, &there, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? -ESTALE : -errno;
	if (ours.st_ino != there.st_ino || ours.st_dev != there.st_dev ||
	    (uint64_t)ours.st_size != vault->manifest_bytes)
		return -ESTALE;
	return 0;
}

/* HEAD and its signature, as parts. */
static int prepare_head(const struct vault *vault, uint64_t count, const char *hash)
{
	char text[VAULT_LINE_MAX], signature[VAULT_SIGNATURE_MAX], comment[64];
	size_t length = vault_head_format(count, hash, text);
	int err = vault_paths_prepare(vault->root, VAULT_HEAD, text, length);

	if (err || !vault->options.sign_key)
		return err;
	snprintf(comment, sizeof(comment), "skua vault, %" PRIu64 " lines", count);
	length = vault_sign(&vault->secret, text, length, comment, signature);
	err = vault_paths_prepare(vault->root, VAULT_SIGNATURE, signature, length);
	if (err)
		unlinkat(vault->root, VAULT_HEAD ".part", 0);
	return err;
}

static int replace_head(const struct vault *vault)
{
	int err = vault_paths_replace(vault->root, VAULT_HEAD);

	if (!err && vault->options.sign_key)
		err = vault_paths_replace(vault->root, VAULT_SIGNATURE);
	return err;
}

int vault_head_write(struct vault *vault)
{
	int err = prepare_head(vault, vault->count, vault->hash);

	if (!err)
		err = replace_head(vault);
	vault->head_stale = err;
	return err;
}

static int write_line(struct vault *vault, const char *text, size_t length, bool sync)
{
	int err = vault_paths_write(vault->manifest, text, length);

	if (!err && sync && fdatasync(vault->manifest))
		err = -errno;
	/* What cannot be taken back either, the next opening cuts. */
	if (err)
		return ftruncate(vault->manifest, (off_t)vault->manifest_bytes) ? -ESTALE : err;
	return 0;
}

int vault_manifest_append(struct vault *vault, struct vault_line *line, bool sync)
{
	char text[VAULT_LINE_MAX];
	size_t length;
	int head = 0,
	    err = vault->manifest < 0 ? vault_manifest_open(vault) : vault_manifest_check(vault);

	if (err)
		return err;
	line->seq = vault->count + 1;
	memcpy(line->prev, vault->hash, VAULT_HASH);
	length = vault_line_format(line, text);
	if (sync)
		head = prepare_head(vault, line->seq, line->hash);
	/* On a full disk nothing is published without its HEAD, but space can be made. */
	if (head && line->action == VAULT_PUBLISH)
		return head;
	err = write_line(vault, text, length, sync);
	if (err)
		return err;
	vault->manifest_bytes += length;
	vault->count = line->seq;
	memcpy(vault->hash, line->hash, VAULT_HASH);
	if (!sync)
		return 0;
	if (!head)
		head = replace_head(vault);
	vault->head_stale = head;
	/* The line stands; a HEAD that is behind is made good by the next, or by a tick. */
	vault->counts.failed += head != 0;
	return 0;
}

int vault_manifest_rotate(struct vault *vault)
{
	char name[VAULT_FILE];

	if (vault->segment_count == VAULT_SEGMENTS_MAX)
		return -ENOSPC;
	vault_segment_name(vault->segment, name);
	if (renameat(vault->root, VAULT_MANIFEST, vault->root, name) && errno != ENOENT)
		return -errno;
	if (vault->manifest >= 0)
		close(vault->manifest);
	vault->manifest = -1;
	vault->manifest_bytes = 0;
	vault->segments[vault->segment_count++] = vault->segment++;
	return vault_manifest_open(vault);
}
