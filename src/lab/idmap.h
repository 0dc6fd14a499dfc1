/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* mig_idmap_write: in a process that has just got a new user namespace: there it is inside_uid and
 * inside_gid, which stand for outside_uid and outside_gid of the namespace it came from. Uses only
 * functions that are safe between fork and exec. false with errno set. */
bool mig_idmap_write (uid_t inside_uid, uid_t outside_uid, gid_t inside_gid, gid_t outside_gid);
