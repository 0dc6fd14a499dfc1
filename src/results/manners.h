/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"

/* How the migrations of a result's cases are made: what its study.xml asks for in <migration>, that
 * of the case's experiment in place of the study's, with the values of a sweep over it; of an
 * execution, what its options ask for. A watch asks for nothing, and nothing is known of it. */
typedef enum {
  MIG_MANNER_TECHNIQUE,
  MIG_MANNER_CONNECTIONS,
  MIG_MANNER_CACHE,
  MIG_MANNER_THROTTLE_INITIAL,
  MIG_MANNER_THROTTLE_INCREMENT,
  MIG_MANNER_TLS,
  MIG_MANNER_BANDWIDTH,
  MIG_MANNER_STORAGE,
  MIG_MANNER_STOP_RULE,
  MIG_MANNER_MAX_DOWNTIME,
  MIG_MANNER_CONTROL,
  MIG_N_MANNERS
} MigManner;

/* What yes and no are in MIG_MANNER_TLS. */
#define MIG_MANNER_YES "yes"

typedef struct {
  const char *attribute;  /* of <migration>; the parameter of a sweep */
  const char *id;         /* in JSON */
  const char *name;       /* for people */
  const char *by_default; /* what holds where the study says nothing; NULL: it depends on the hosts
                           */
} MigMannerInfo;
/* mig_manner_info: never NULL; static. */
const MigMannerInfo *mig_manner_info (MigManner manner);

typedef struct _MigManners MigManners;

/* mig_manners_new: parameters: of MigParameterRecord. A study.xml that is not there or cannot be
 * read is one that says nothing; never NULL. mig_manners_parse: the same of its text; NULL: there
 * is none. */
MigManners *mig_manners_new (const MigResult *result, const GPtrArray *parameters);
MigManners *mig_manners_parse (const char *xml, gsize size, const GPtrArray *parameters);

/* mig_manners_find: of a case; what is the same has the same text ("10 MiB/s", "300 ms"). NULL: it
 * is not known; nothing is where manners is NULL. */
const char *mig_manners_find (const MigManners *manners, const char *case_label, MigManner manner);

void mig_manners_free (MigManners *manners);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigManners, mig_manners_free)
