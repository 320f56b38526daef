// SPDX-License-Identifier: BSD-2-Clause
/* Opens a vault, again when its directory went away, and says what is in it. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "record/vault_store.h"

#define SEGMENT_MIN (64u << 10)
#define SEGMENT_MAX (4u << 20) /* about 10,000 lines */

static void let_go(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void lose(struct vault *vault)
{
	let_go(&vault->manifest);
	let_go(&vault->lock);
	let_go(&vault->root);
}

/* One writer: a lock that ends with the descriptor, whatever becomes of the process. */
static int take_lock(struct vault *vault)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = openat(vault->root, VAULT_LOCK,
			O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, VAULT_MODE);

	if (fd < 0)
		return -errno;
	vault->lock = fd;
	if (fcntl(fd, F_OFD_SETLK, &whole))
		return errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
	return 0;
}

/* What root made here shall be the worker's. */
static int give_away(const struct vault *vault)
{
	static const char *const names[] = { VAULT_LOCK, VAULT_MANIFEST, VAULT_HEAD,
					     VAULT_SIGNATURE };

	if (!vault->options.uid || geteuid())
		return 0;
	if (fchown(vault->root, vault->options.uid, vault->options.gid))
		return -errno;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (fchownat(vault->root, names[i], vault->options.uid, vault->options.gid,
			     AT_SYMLINK_NOFOLLOW) &&
		    errno != ENOENT)
			return -errno;
	return 0;
}

static int open_directory(struct vault *vault)
{
	uint64_t recovered = vault->counts.recovered;
	bool broken = false;
	int err;

	vault->root = vault_paths_root(vault->directory);
	err = vault->root < 0 ? vault->root : take_lock(vault);
	if (!err)
		err = vault_load(vault, &broken);
	/* What is being written by this process is no leftover. */
	if (!err && !vault->in_progress)
		err = vault_recover(vault, broken);
	if (!err)
		err = give_away(vault);
	if (err) {
		lose(vault);
		return err;
	}
	vault->generation++;
	if (vault->counts.recovered > recovered)
		log_info("vault %s: %llu files recovered that the last agent did not finish",
			 vault->directory,
			 (unsigned long long)(vault->counts.recovered - recovered));
	return 0;
}

/* Whether the directory that was opened still lies where it did. */
static bool is_there(const struct vault *vault)
{
	struct stat ours, there;

	if (vault->root < 0 || fstat(vault->root, &ours) || !ours.st_nlink)
		return false;
	/* Who may not look at the path may still have the descriptor. */
	if (stat(vault->directory, &there))
		return errno != ENOENT && errno != ENOTDIR;
	return ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

int vault_ready(struct vault *vault)
{
	int err;

	if (is_there(vault) && (vault->manifest < 0 || vault_manifest_check(vault) != -ESTALE)) {
		vault->said = false;
		return 0;
	}
	lose(vault);
	err = open_directory(vault);
	if (err && !vault->said)
		log_warning(
			"vault %s: it went away and cannot be opened again: %s; what is lost is "
			"counted, and it is tried again",
			vault->directory, strerror(-err));
	vault->said = err;
	return err;
}

static const char *remedy(int err)
{
	switch (-err) {
	case EBUSY:
		return ": another agent writes to it (LOCK); give each a vault of its own";
	case EACCES:
	case EPERM:
		return ": give it to the account that writes it (chown)";
	case ENOENT:
		return ": make the directory above it first";
	case ENOTDIR:
		return ": name a directory";
	case EROFS:
		return ": name one on a file system that can be written to";
	case ENOSPC:
		return ": free some space";
	default:
		return "";
	}
}

static int read_key(struct vault *vault, char error[VAULT_ERROR_SIZE])
{
	const char *path = vault->options.sign_key;
	int err = path ? vault_secret_read(path, &vault->secret) : 0;

	if (err)
		snprintf(error, VAULT_ERROR_SIZE, "cannot sign with %s: %s", path,
			 err == -ENOKEY ? "the key has a password: make one without, with "
					  "'minisign -G -W', or 'minisign -C -W'"
			 : err == -EBADMSG
				 ? "it is no secret key of minisign: 'minisign -G -W' makes one"
				 : strerror(-err));
	return err;
}

static uint64_t choose_segment_size(uint64_t max_bytes)
{
	uint64_t size = max_bytes ? max_bytes / 64 : SEGMENT_MAX;

	return size < SEGMENT_MIN ? SEGMENT_MIN : size > SEGMENT_MAX ? SEGMENT_MAX : size;
}

int vault_open(struct vault **out, const struct vault_options *options,
	       char error[VAULT_ERROR_SIZE])
{
	struct vault *vault = calloc(1, sizeof(*vault));
	int err = -ENOMEM;

	snprintf(error, VAULT_ERROR_SIZE, "cannot open the vault: out of memory");
	if (!vault)
		return err;
	vault->root = vault->lock = vault->manifest = -1;
	vault->options = *options;
	memcpy(vault->hash, VAULT_NO_HASH, VAULT_HASH);
	vault->segment_size = choose_segment_size(options->max_bytes);
	vault->directory = strdup(options->directory);
	if (!vault->directory || sodium_init() < 0)
		goto out;
	err = read_key(vault, error);
	if (err)
		goto out;
	err = open_directory(vault);
	if (err)
		snprintf(error, VAULT_ERROR_SIZE, "cannot open the vault %s: %s%s",
			 vault->directory, strerror(-err), remedy(err));
out:
	if (err) {
		vault_close(vault);
		return err;
	}
	*out = vault;
	return 0;
}

void vault_close(struct vault *vault)
{
	if (!vault)
		return;
	if (vault->head_stale && is_there(vault) && vault_head_write(vault))
		vault->counts.failed++;
	lose(vault);
	if (vault->has_files)
		table_fini(&vault->files);
	sodium_memzero(&vault->secret, sizeof(vault->secret));
	free(vault->directory);
	free(vault);
}

void vault_tick(struct vault *vault, uint64_t now_ns)
{
	int err = vault_ready(vault);

	vault->now_ns = now_ns;
	if (err) {
		vault->counts.failed++;
		return;
	}
	if (vault->head_stale)
		vault_head_write(vault);
	vault_expire(vault);
	/* What is still too much goes at the next tick. */
	err = vault_make_room(vault, 0, 1);
	if (err && err != -ENOSPC && err != -EDQUOT)
		vault->counts.failed++;
	vault_segments_turn(vault);
}

void vault_counts(const struct vault *vault, struct vault_counts *out)
{
	*out = vault->counts;
}

void vault_head(const struct vault *vault, uint64_t *count, char hash[VAULT_HASH])
{
	*count = vault->count;
	memcpy(hash, vault->hash, VAULT_HASH);
}
