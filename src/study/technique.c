/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "study/study.h"

static const MigTechniqueInfo techniques[MIG_N_TECHNIQUES] = {
  [MIG_TECHNIQUE_PRE_COPY] = { "pre-copy",
                               "memory is sent in rounds while the guest runs, the rest while it "
                               "stands",
                               NULL },
  [MIG_TECHNIQUE_POST_COPY] = { "post-copy",
                                "after the first round the guest runs on the destination and "
                                "fetches what it lacks",
                                NULL },
  [MIG_TECHNIQUE_AUTO_CONVERGE] = { "auto-converge",
                                    "pre-copy; a guest that dirties memory too fast is slowed down",
                                    NULL },
  [MIG_TECHNIQUE_MULTIFD] = { "multifd", "pre-copy over several connections", NULL },
  [MIG_TECHNIQUE_MULTIFD_ZLIB] = { "multifd-zlib", "the same, each connection compressed by zlib",
                                   NULL },
  [MIG_TECHNIQUE_MULTIFD_ZSTD] = { "multifd-zstd", "the same, each connection compressed by zstd",
                                   NULL },
  [MIG_TECHNIQUE_COMPRESS] = { "compress",
                               "pre-copy, pages compressed by several threads (as MECOM)", NULL },
  [MIG_TECHNIQUE_XBZRLE] = { "xbzrle",
                             "pre-copy, of pages sent before only what changed (as Svärd's delta "
                             "compression)",
                             NULL },
  [MIG_TECHNIQUE_ZERO_PAGES] = { "zero-page-detection",
                                 "duplicate pages are not sent (as Chiang's)",
                                 "libvirt has no switch for it: QEMU skips pages of zeros in every "
                                 "migration, and migrations.csv counts them "
                                 "(constant_pages)" },
  [MIG_TECHNIQUE_FREE_PAGES] = { "free-page-hinting",
                                 "pages that the guest does not use are not sent (as Chiang's)",
                                 "no libvirt driver has a switch for it: QEMU's balloon device "
                                 "could hint free pages, libvirt only has it report "
                                 "them" },
  [MIG_TECHNIQUE_TRACE_REPLAY] = { "trace-and-replay",
                                   "the guest's execution is logged and replayed on the "
                                   "destination (CR/RT-Motion)",
                                   "no libvirt driver offers it: no hypervisor that libvirt drives "
                                   "migrates by deterministic replay" },
  [MIG_TECHNIQUE_STORAGE_REUSE] = { "storage-reuse",
                                    "pages that shared storage holds too are read from there (Jo)",
                                    "no libvirt driver offers it: no hypervisor that libvirt "
                                    "drives keeps track of which page is in which block" },
};

const MigTechniqueInfo *
mig_technique_info (MigTechnique technique)
{
  g_return_val_if_fail ((guint) technique < MIG_N_TECHNIQUES, &techniques[MIG_TECHNIQUE_PRE_COPY]);
  return &techniques[technique];
}

gboolean
mig_technique_from_name (const char *name, MigTechnique *technique, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < MIG_N_TECHNIQUES; i++)
    {
      if (strcmp (techniques[i].name, name) == 0)
        {
          *technique = (MigTechnique) i;
          return TRUE;
        }
      g_string_append_printf (names, "%s%s",
                              i == 0                     ? ""
                              : i + 1 < MIG_N_TECHNIQUES ? ", "
                                                         : " or ",
                              techniques[i].name);
    }
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "unknown technique '%s'; expected %s", name,
               names->str);
  return FALSE;
}
