/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"

/* How the migrations of a result's cases are made: what its study.xml asks for in <migration>, that
 * of the case's experiment in place of the study's, with the values of a sweep over it; of an
 * execution, what its options ask for. A watch asks for nothing, and nothing is known of it. */
typedef enum {
  MIG_SETTING_TECHNIQUE,
  MIG_SETTING_CONNECTIONS,
  MIG_SETTING_CACHE,
  MIG_SETTING_THROTTLE_INITIAL,
  MIG_SETTING_THROTTLE_INCREMENT,
  MIG_SETTING_TLS,
  MIG_SETTING_BANDWIDTH,
  MIG_SETTING_STORAGE,
  MIG_SETTING_STOP_RULE,
  MIG_SETTING_MAX_DOWNTIME,
  MIG_SETTING_CONTROL,
  MIG_N_SETTINGS
} MigSetting;

/* What yes and no are in MIG_SETTING_TLS. */
#define MIG_SETTING_YES "yes"

typedef struct {
  const char *attribute;  /* of <migration>; the parameter of a sweep */
  const char *id;         /* in JSON */
  const char *name;       /* for people */
  const char *by_default; /* what holds where the study says nothing; NULL: it depends on the hosts
                           */
} MigSettingInfo;
/* mig_setting_info: never NULL; static. */
const MigSettingInfo *mig_setting_info (MigSetting setting);

typedef struct _MigSettings MigSettings;

/* mig_settings_new: parameters: of MigParameterRecord. A study.xml that is not there or cannot be
 * read is one that says nothing; never NULL. mig_settings_parse: the same of its text; NULL: there
 * is none. */
MigSettings *mig_settings_new (const MigResult *result, const GPtrArray *parameters);
MigSettings *mig_settings_parse (const char *xml, gsize size, const GPtrArray *parameters);

/* mig_settings_find: of a case; what is the same has the same text ("10 MiB/s", "300 ms"). NULL: it
 * is not known; nothing is where settings is NULL. */
const char *mig_settings_find (const MigSettings *settings, const char *case_label,
                               MigSetting setting);

void mig_settings_free (MigSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigSettings, mig_settings_free)
