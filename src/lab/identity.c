/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "lab/idmap.h"
#include "lab/setup.h"

gboolean
mig_identity_find (MigSetup *setup, GError **error)
{
  struct stat kvm;

  setup->uid = setup->daemon_uid = geteuid ();
  setup->gid = setup->daemon_gid = getegid ();
  setup->kvm_gid = 0;
  if (setup->uid != 0)
    return TRUE;

  const struct passwd *nobody = getpwnam ("nobody");
  if (!nobody || nobody->pw_uid == 0 || nobody->pw_gid == 0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                   "root's lab runs its daemons as user 'nobody', which this system lacks; run "
                   "migcost as an ordinary user");
      return FALSE;
    }
  setup->daemon_uid = nobody->pw_uid;
  setup->daemon_gid = nobody->pw_gid;
  if (stat ("/dev/kvm", &kvm) == 0)
    setup->kvm_gid = kvm.st_gid;
  return TRUE;
}

static gboolean
drop_root (const MigSetup *setup)
{
  return setgroups (setup->kvm_gid != 0 ? 1 : 0, &setup->kvm_gid) == 0 &&
         setresgid (setup->daemon_gid, setup->daemon_gid, setup->daemon_gid) == 0 &&
         setresuid (setup->daemon_uid, setup->daemon_uid, setup->daemon_uid) == 0;
}

/* leave_namespace_root: root of the lab's user namespace becomes its own self again, in a namespace
 * below; without privileges after exec. */
static gboolean
leave_namespace_root (const MigSetup *setup)
{
  return unshare (CLONE_NEWUSER) == 0 &&
         mig_idmap_write (setup->daemon_uid, 0, setup->daemon_gid, 0);
}

gboolean
mig_identity_assume (const MigSetup *setup)
{
  if (setup->uid == 0)
    {
      if (!drop_root (setup))
        return FALSE;
    }
  else if (setup->netns[0] >= 0 && !leave_namespace_root (setup))
    return FALSE;
  /* after the change of user, which clears it */
  return prctl (PR_SET_PDEATHSIG, SIGKILL) == 0;
}
