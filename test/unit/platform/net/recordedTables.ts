/**
 * Recorded from a dual-stack server on port 23456 with one open IPv4 client (54870), one open IPv6 client
 * (37186) and one IPv4 client (54886) that had closed a second before; one row of another server added.
 */
export const recordedTcp = [
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ',
  '   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1682 1 00000000af8fcd44 100 0 0 10 0                      ',
  '   1: 0100007F:D656 0100007F:5BA0 01 00000000:00000000 00:00000000 00000000     0        0 51690 1 00000000fe08956b 22 0 0 10 -1                     ',
  '   2: 0100007F:D666 0100007F:5BA0 06 00000000:00000000 03:00001709 00000000     0        0 0 3 000000009ef1c96b                                      ',
  '',
].join('\n');

export const recordedTcp6 = [
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  '   0: 00000000000000000000000000000000:5BA0 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51689 1 00000000635e15ba 100 0 0 10 0',
  '   1: 00000000000000000000000001000000:9142 00000000000000000000000001000000:5BA0 01 00000000:00000000 00:00000000 00000000     0        0 51691 1 00000000bda370d3 20 0 0 10 -1',
  '   2: 00000000000000000000000001000000:5BA0 00000000000000000000000001000000:9142 01 00000000:00000000 00:00000000 00000000     0        0 51694 1 00000000c0f16168 20 0 0 10 -1',
  '   3: 0000000000000000FFFF00000100007F:5BA0 0000000000000000FFFF00000100007F:D656 01 00000000:00000000 00:00000000 00000000     0        0 51693 1 00000000415de6da 22 0 0 10 -1',
  '',
].join('\n');
