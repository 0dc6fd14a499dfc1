/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/files.h"
#include "tests/unit/existing-world.h"

/* host_with: a host on which such a domain runs; uuid NULL: none. */
static MigRunHost *
host_with (const ExistingWorld *world, const MigStudyHost *study, const char *uuid)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/%s.xml", world->top, study->name);
  g_autofree char *uri = g_strdup_printf ("test://%s", path);
  g_autofree char *domain = uuid ? g_strdup_printf ("<domain type='test'><name>" EXISTING_DOMAIN
                                                    "</name><uuid>%s</uuid><memory>65536</memory>"
                                                    "<os><type>hvm</type></os></domain>",
                                                    uuid)
                                 : NULL;
  g_autofree char *node = g_strconcat ("<node>", domain ? domain : "", "</node>", NULL);

  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  MigHost *host = mig_host_open (study->name, uri, &error);
  g_assert_no_error (error);
  return mig_run_host_new (study, host);
}

static const char study_xml[] = "<study name='s'><hosts><host name='a' "
                                "uri='test:///default'/><host name='b' uri='test:///default'/>"
                                "</hosts><guest name='vm' existing='yes' domain='" EXISTING_DOMAIN
                                "'/><cases><sequence>vm</sequence></cases></study>";

MigStudyGuest *
existing_world_guest (const ExistingWorld *world)
{
  return world->study->guests->pdata[0];
}

void
existing_world_hosts (ExistingWorld *world, const char *const on[2])
{
  g_clear_pointer (&world->hosts, g_ptr_array_unref);
  world->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_run_host_free);
  for (guint i = 0; i < 2; i++)
    g_ptr_array_add (world->hosts, host_with (world, world->study->hosts->pdata[i], on[i]));
}

void
existing_world_init (ExistingWorld *world, const char *a, const char *b)
{
  g_autoptr (GError) error = NULL;

  *world = (ExistingWorld){ .top = g_dir_make_tmp ("migcost-test-XXXXXX", &error),
                            .study = mig_study_parse (study_xml, sizeof study_xml - 1, "s.xml",
                                                      &error),
                            .moves = TRUE };
  g_assert_no_error (error);
  existing_world_hosts (world, (const char *const[]){ a, b });
}

void
existing_world_begin (ExistingWorld *world, GHashTable *identities)
{
  MigRunOptions options = { .hosts = world->hosts, .identities = identities };
  if (!world->run)
    world->run = mig_run_new (&options, world->study);
  world->run->options.hosts = world->hosts;
  g_clear_pointer (&world->run_guest, mig_run_guest_free);
  world->run_guest = mig_run_guest_new (world->run, existing_world_guest (world), world->moves);
}

void
existing_world_clear (ExistingWorld *world)
{
  g_clear_pointer (&world->run_guest, mig_run_guest_free);
  mig_run_free (world->run);
  g_clear_pointer (&world->writer, mig_result_writer_free);
  g_ptr_array_unref (world->hosts);
  mig_study_free (world->study);
  mig_files_remove_tree (world->top, NULL);
  g_free (world->top);
}
