import assert from 'node:assert/strict';
import { groupFolder } from '../../../../src/platform/process/ownControlGroup';

const v1 = '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime shared:1 - cgroup cgroup rw,cpu';
const hybrid = `${v1}\n41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:2 - cgroup2 cgroup2 rw`;

describe('the folder of the control group that we are in', () => {
  it('is_looked_for_where_version_2_is_mounted', () => {
    assert.equal(
      groupFolder(hybrid, '4:memory:/elsewhere\n0::/user.slice/a.scope\n'),
      '/sys/fs/cgroup/unified/user.slice/a.scope',
    );
    assert.equal(groupFolder(hybrid, '0::/'), '/sys/fs/cgroup/unified');
  });

  it('is_below_a_mount_that_shows_a_part_of_the_tree', () => {
    const bound = '41 31 0:38 /docker/4711 /cg\\040roup rw - cgroup2 cgroup rw';
    assert.equal(groupFolder(bound, '0::/docker/4711/init'), '/cg roup/init');
    assert.equal(groupFolder(bound, '0::/docker/4712'), undefined);
  });

  it('is_not_below_a_mount_from_outside_of_the_namespace', () => {
    const outer = '41 31 0:38 /../.. /outer rw - cgroup2 cgroup rw';
    assert.equal(groupFolder(outer, '0::/'), undefined);
    assert.equal(groupFolder(outer, '0::/inner'), undefined);
    assert.equal(groupFolder(`${outer}\n42 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup rw`, '0::/'), '/sys/fs/cgroup');
  });

  it('is_none_without_version_2_and_outside_of_the_namespace', () => {
    assert.equal(groupFolder(v1, '4:cpu:/a\n0::/a'), undefined);
    assert.equal(groupFolder(hybrid, '4:cpu:/a'), undefined);
    assert.equal(groupFolder(hybrid, '0::/../other'), undefined);
    assert.equal(groupFolder('', ''), undefined);
  });
});
