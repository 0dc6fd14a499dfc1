/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check-technique.h"
#include "check/technique-probe.h"

static void
check_technique (GPtrArray *checks, const MigTechniqueSupport *support, const MigStudy *study)
{
  const MigTechniqueInfo *info = mig_technique_info (study->technique);
  const char *why_not = info->not_offered ? info->not_offered
                                          : support->why_not[study->technique][study->peer_to_peer];
  const char *way = study->peer_to_peer ? " peer-to-peer" : "";

  if (why_not && study->peer_to_peer && !info->not_offered)
    mig_check_add (
        checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "peer-to-peer",
        g_strdup_printf ("%s:%u: technique '%s' peer-to-peer was tried and failed: %s", study->path,
                         mig_study_parameter_line (study, "peer-to-peer", study->peer_to_peer_line),
                         info->name, why_not),
        g_strdup ("give the destination's <host> a peer-uri that the source's daemon "
                  "can use without a prompt, or remove peer-to-peer= from <migration>"));
  else if (why_not)
    mig_check_add (
        checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "technique",
        g_strdup_printf ("%s:%u: technique '%s' is not offered: %s", study->path,
                         mig_study_parameter_line (study, "technique", study->technique_line),
                         info->name, why_not),
        g_strdup ("choose another technique of migcost-study(5)"));
  else if (mig_technique_support_wanted (study))
    mig_check_add (checks, MIG_CHECK_PASS, MIG_CHECK_STUDY,
                   study->peer_to_peer ? "peer-to-peer" : "technique",
                   g_strdup_printf ("a small guest migrated by '%s'%s", info->name, way), NULL);
}

void
mig_check_techniques (GPtrArray *checks, const GPtrArray *hosts, const MigStudy *study)
{
  MigTechniqueSupport support = { { { NULL } } };
  g_autoptr (GError) error = NULL;

  if (!mig_check_error (checks, TRUE, NULL))
    return;
  if (!mig_technique_support_find (study, hosts, &support, &error))
    mig_check_add (checks, MIG_CHECK_FAIL, MIG_CHECK_STUDY, "technique", g_strdup (error->message),
                   g_strdup ("make sure that guests start on the study's hosts"));
  for (guint i = 0; !error && i < mig_study_n_variants (study); i++)
    {
      g_autoptr (GPtrArray) found = g_ptr_array_new ();
      check_technique (found, &support, mig_study_variant (study, i));
      mig_check_gather (checks, found, mig_study_variant (study, i));
    }
  mig_technique_support_clear (&support);
}
