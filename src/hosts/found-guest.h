/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"
#include "virt/guest.h"

/* Where a guest that was there before a study is, by the word of all hosts. */
typedef struct {
  MigGuest *guest; /* NULL: it runs on none of them */
  MigGuestInfo info;
  const MigRunHost *where;
  const MigRunHost *also;     /* another host on which it runs as well; NULL: none */
  const MigRunHost *stranger; /* where another domain has its name; NULL: nowhere */
  char *stranger_uuid;
} MigFoundGuest;

/* mig_found_guest_search: the running guest of that UUID; NULL: whichever has the domain's name,
 * that of its own host rather than another. FALSE: on none of the hosts (MigRunHost). */
gboolean mig_found_guest_search (MigFoundGuest *found, const GPtrArray *hosts,
                                 const MigStudyGuest *guest, const char *uuid);
void mig_found_guest_clear (MigFoundGuest *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigFoundGuest, mig_found_guest_clear)
