/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "study/study.h"

static const MigTechniqueInfo techniques[MIG_N_TECHNIQUES] = {
  [MIG_TECHNIQUE_PRE_COPY] = { "pre-copy",
                               "send memory in rounds while the guest runs, the rest "
                               "while it is stopped",
                               NULL },
  [MIG_TECHNIQUE_POST_COPY] = { "post-copy",
                                "after the first round, run the guest on the destination, where it "
                                "fetches missing pages",
                                NULL },
  [MIG_TECHNIQUE_AUTO_CONVERGE] = { "auto-converge",
                                    "pre-copy; slow down a guest that dirties memory too fast",
                                    NULL },
  [MIG_TECHNIQUE_MULTIFD] = { "multifd", "pre-copy over several connections", NULL },
  [MIG_TECHNIQUE_MULTIFD_ZLIB] = { "multifd-zlib",
                                   "the same, compressing each connection with zlib", NULL },
  [MIG_TECHNIQUE_MULTIFD_ZSTD] = { "multifd-zstd",
                                   "the same, compressing each connection with zstd", NULL },
  [MIG_TECHNIQUE_MULTIFD_ZERO_COPY] = { "multifd-zero-copy",
                                        "multifd, its pages sent from where they lie (no copy)",
                                        NULL },
  [MIG_TECHNIQUE_COMPRESS] = { "compress",
                               "pre-copy, compressing pages in several threads (as MECOM)", NULL },
  [MIG_TECHNIQUE_XBZRLE] = { "xbzrle",
                             "pre-copy; of pages sent before, only the changes (as Svärd's delta "
                             "compression)",
                             NULL },
  [MIG_TECHNIQUE_DIRTY_LIMIT] = { "dirty-limit",
                                  "pre-copy; slow down each vCPU by the pages that it dirties",
                                  "libvirt has no switch for it; QEMU 8.1 and later could, under "
                                  "KVM for guests with a dirty ring" },
  [MIG_TECHNIQUE_MAPPED_RAM] = { "mapped-ram", "write each page to its own place in a file",
                                 "it is no live migration, but a format of files that guests are "
                                 "saved to; QEMU refuses it over a network" },
  [MIG_TECHNIQUE_ZERO_PAGES] = { "zero-page-detection", "do not send duplicate pages (as Chiang)",
                                 "libvirt has no switch for it; QEMU skips zero pages in every "
                                 "migration, and migrations.csv counts them (constant_pages)" },
  [MIG_TECHNIQUE_FREE_PAGES] = { "free-page-hinting",
                                 "do not send pages unused by the guest (as Chiang)",
                                 "no libvirt driver has a switch for it; QEMU's balloon device "
                                 "could hint free pages, but libvirt only has it report them" },
  [MIG_TECHNIQUE_TRACE_REPLAY] = { "trace-and-replay",
                                   "log the guest's execution and replay it on the destination "
                                   "(CR/RT-Motion)",
                                   "no hypervisor with a libvirt driver migrates by deterministic "
                                   "replay" },
  [MIG_TECHNIQUE_STORAGE_REUSE] = { "storage-reuse",
                                    "read pages from shared storage where it holds them (Jo)",
                                    "no hypervisor with a libvirt driver tracks which page is in "
                                    "which block" },
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
