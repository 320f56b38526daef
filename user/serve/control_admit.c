// SPDX-License-Identifier: BSD-2-Clause
/* Lets accounts to the control socket that are not of its group, by an access control list. */
#include <endian.h>
#include <errno.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include "serve/control_state.h"
#include "serve/unix_socket.h"

#define NOBODY -1u
#define ENTRIES (READERS_ROWS + 4)

struct list {
	struct posix_acl_xattr_header head;
	struct posix_acl_xattr_entry entries[ENTRIES];
};

static unsigned add(struct list *list, unsigned count, unsigned tag, uid_t id)
{
	unsigned may = tag == ACL_OTHER ? 0 : ACL_READ | ACL_WRITE;

	list->entries[count] =
		(struct posix_acl_xattr_entry){ htole16(tag), htole16(may), htole32(id) };
	return count + 1;
}

static bool is_first(const struct readers *readers, unsigned row)
{
	for (unsigned i = 0; i < row; i++)
		if (readers->rows[i].uid == readers->rows[row].uid)
			return false;
	return true;
}

/* They need no right to list the folder, but to pass through it. */
static int open_folder(struct control *control)
{
	char folder[sizeof(control->address.sun_path)];
	struct stat found;

	unix_socket_folder(control->address.sun_path, folder);
	if (stat(folder, &found))
		return -errno;
	if (found.st_mode & S_IXOTH)
		return 0;
	if (!control->made_folder)
		return -EACCES;
	return chmod(folder, (found.st_mode & 07777) | S_IXOTH) ? -errno : 0;
}

int control_admit(struct control *control, const struct readers *readers)
{
	struct list list = { .head.a_version = htole32(POSIX_ACL_XATTR_VERSION) };
	unsigned count = add(&list, 0, ACL_USER_OBJ, NOBODY);

	for (unsigned i = 0; i < readers->count; i++)
		if (is_first(readers, i))
			count = add(&list, count, ACL_USER, readers->rows[i].uid);
	count = add(&list, count, ACL_GROUP_OBJ, NOBODY);
	count = add(&list, count, ACL_MASK, NOBODY);
	count = add(&list, count, ACL_OTHER, NOBODY);
	if (lsetxattr(control->address.sun_path, "system.posix_acl_access", &list,
		      sizeof(list.head) + count * sizeof(list.entries[0]), 0))
		return -errno;
	return open_folder(control);
}
