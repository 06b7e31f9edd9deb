/** Region → family → price per hour by size; see built-in.ts for the source and its day. */
export const ASIA_PACIFIC: Record<string, string> = {
  'ap-northeast-1': `
    c4: large 0.151, xlarge 0.302, 2xlarge 0.605, 4xlarge 1.21, 8xlarge 2.419
    c5: large 0.128, xlarge 0.257, 2xlarge 0.514, 4xlarge 1.027, 9xlarge 2.311, 18xlarge 4.622
    c5d: large 0.146, xlarge 0.293, 2xlarge 0.586, 4xlarge 1.171, 9xlarge 2.635, 18xlarge 5.27
    c6g: large 0.10272, xlarge 0.20544, 2xlarge 0.41088, 4xlarge 0.82176, 8xlarge 1.64352, 12xlarge 2.46528, 16xlarge 3.28704
    c6gd: large 0.1176, xlarge 0.2352, 2xlarge 0.4704, 4xlarge 0.9408, 8xlarge 1.8816, 12xlarge 2.8224, 16xlarge 3.7632
    c6gn: large 0.1308, xlarge 0.2616, 2xlarge 0.5232, 4xlarge 1.0464, 8xlarge 2.0928, 12xlarge 3.1392, 16xlarge 4.1856
    c6i: large 0.1284, xlarge 0.2568, 2xlarge 0.5136, 4xlarge 1.0272, 8xlarge 2.0544, 12xlarge 3.0816, 16xlarge 4.1088, 24xlarge 6.1632, 32xlarge 8.2176
    c7g: 2xlarge 0.43656, 4xlarge 0.87324, 8xlarge 1.74648
    c7i: large 0.13482, xlarge 0.26964, 2xlarge 0.53928, 4xlarge 1.07856, 8xlarge 2.15712, 12xlarge 3.23568, 16xlarge 4.31424, 24xlarge 6.47136, 48xlarge 12.94272
    g4dn: xlarge 0.994, 2xlarge 1.269, 4xlarge 2.031, 8xlarge 3.673, 12xlarge 6.601, 16xlarge 7.344
    g5: xlarge 2.043, 2xlarge 2.197, 4xlarge 2.944, 8xlarge 4.438, 12xlarge 10.283, 16xlarge 7.426, 24xlarge 14.764, 48xlarge 29.528
    g6: xlarge 1.6341, 2xlarge 1.7723, 4xlarge 2.3988, 8xlarge 3.6519, 12xlarge 8.3421, 16xlarge 6.158, 24xlarge 12.1013, 48xlarge 24.2026
    inf1: xlarge 0.401, 2xlarge 0.587, 6xlarge 1.913, 24xlarge 7.652
    inf2: xlarge 1.308, 8xlarge 3.395, 24xlarge 11.196, 48xlarge 22.393
    m4: xlarge 0.31, 2xlarge 0.619, 4xlarge 1.238, 10xlarge 3.096, 16xlarge 4.954
    m5: large 0.149, xlarge 0.298, 2xlarge 0.595, 4xlarge 1.19, 12xlarge 3.571, 24xlarge 7.142
    m5d: large 0.175, xlarge 0.35, 2xlarge 0.701, 4xlarge 1.402, 12xlarge 4.205, 24xlarge 8.41
    m6g: large 0.1188, xlarge 0.2376, 2xlarge 0.4752, 4xlarge 0.9504, 8xlarge 1.9008, 12xlarge 2.8512, 16xlarge 3.8016
    m6gd: large 0.1404, xlarge 0.2808, 2xlarge 0.5616, 4xlarge 1.1232, 8xlarge 2.2464, 12xlarge 3.3696, 16xlarge 4.4928
    m7i: large 0.15624, xlarge 0.31248, 2xlarge 0.62496, 4xlarge 1.24992, 8xlarge 2.49984, 12xlarge 3.74976, 16xlarge 4.99968, 24xlarge 7.49952, 48xlarge 14.99904
    p3: 2xlarge 5.242, 8xlarge 20.131, 16xlarge 38.585
    p4d: 24xlarge 34.612516
    p4de: 24xlarge 43.265645
    p5: 4xlarge 9.89
    p5en: 48xlarge 90.988
    r5: large 0.182, xlarge 0.365, 2xlarge 0.73, 4xlarge 1.459, 12xlarge 4.378, 24xlarge 8.755
    r5d: large 0.209, xlarge 0.418, 2xlarge 0.835, 4xlarge 1.67, 12xlarge 5.011, 24xlarge 10.022
    r6g: large 0.14592, xlarge 0.29184, 2xlarge 0.58368, 4xlarge 1.16736, 8xlarge 2.33472, 12xlarge 3.50208, 16xlarge 4.66944
    r6gd: large 0.1668, xlarge 0.3336, 2xlarge 0.6672, 4xlarge 1.3344, 8xlarge 2.6688, 12xlarge 4.0032, 16xlarge 5.3376
    r7i: large 0.19152, xlarge 0.38304, 2xlarge 0.76608, 4xlarge 1.53216, 8xlarge 3.06432, 12xlarge 4.59648, 16xlarge 6.12864, 24xlarge 9.19296, 48xlarge 18.38592
    t2: medium 0.073, large 0.146, xlarge 0.292, 2xlarge 0.584
  `,
  'ap-northeast-2': `
    c4: large 0.137, xlarge 0.272, 2xlarge 0.545, 4xlarge 1.088, 8xlarge 2.178
    c5: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 9xlarge 2.074, 18xlarge 4.147
    c5d: large 0.132, xlarge 0.264, 2xlarge 0.528, 4xlarge 1.056, 9xlarge 2.376, 18xlarge 4.752
    c6g: large 0.0924, xlarge 0.1848, 2xlarge 0.3696, 4xlarge 0.7392, 8xlarge 1.4784, 12xlarge 2.2176, 16xlarge 2.9568
    c6i: large 0.1152, xlarge 0.2304, 2xlarge 0.4608, 4xlarge 0.9216, 8xlarge 1.8432, 12xlarge 2.7648, 16xlarge 3.6864, 24xlarge 5.5296, 32xlarge 7.3728
    g4dn: xlarge 0.906, 2xlarge 1.156, 4xlarge 1.851, 8xlarge 3.346, 12xlarge 6.015, 16xlarge 6.691
    g5: xlarge 1.7318, 2xlarge 1.8629, 4xlarge 2.4961, 8xlarge 3.7627, 12xlarge 8.718, 16xlarge 6.2957, 24xlarge 12.5176, 48xlarge 25.0351
    g6: xlarge 1.3854, 2xlarge 1.5026, 4xlarge 2.0338, 8xlarge 3.0962, 12xlarge 7.0728, 16xlarge 5.221, 24xlarge 10.26, 48xlarge 20.5199
    g6e: xlarge 3.2, 2xlarge 3.45, 4xlarge 4.62, 8xlarge 6.96, 12xlarge 16.13, 16xlarge 11.64, 24xlarge 23.15, 48xlarge 46.31
    inf1: xlarge 0.365, 2xlarge 0.535, 6xlarge 1.744, 24xlarge 6.974
    m4: xlarge 0.295, 2xlarge 0.59, 4xlarge 1.181, 10xlarge 2.952, 16xlarge 4.723
    m5: large 0.142, xlarge 0.283, 2xlarge 0.566, 4xlarge 1.133, 12xlarge 3.398, 24xlarge 6.797
    m5d: large 0.167, xlarge 0.334, 2xlarge 0.667, 4xlarge 1.334, 12xlarge 4.003, 24xlarge 8.006
    m6g: large 0.1128, xlarge 0.2256, 2xlarge 0.4512, 4xlarge 0.9024, 8xlarge 1.8048, 12xlarge 2.7072, 16xlarge 3.6096
    p3: 2xlarge 5.293, 8xlarge 20.323, 16xlarge 38.953
    p4d: 24xlarge 34.971822
    r5: large 0.182, xlarge 0.365, 2xlarge 0.73, 4xlarge 1.459, 12xlarge 4.378, 24xlarge 8.755
    r5d: large 0.208, xlarge 0.415, 2xlarge 0.83, 4xlarge 1.661, 12xlarge 4.982, 24xlarge 9.965
    r6g: large 0.1464, xlarge 0.2928, 2xlarge 0.5856, 4xlarge 1.1712, 8xlarge 2.3424, 12xlarge 3.5136, 16xlarge 4.6848
    t2: medium 0.069, large 0.138, xlarge 0.276, 2xlarge 0.553
  `,
  'ap-south-1': `
    c4: large 0.12, xlarge 0.24, 2xlarge 0.48, 4xlarge 0.96, 8xlarge 1.92
    c5: large 0.102, xlarge 0.204, 2xlarge 0.408, 4xlarge 0.816, 9xlarge 1.836, 18xlarge 3.672
    c5d: large 0.119, xlarge 0.238, 2xlarge 0.475, 4xlarge 0.95, 9xlarge 2.138, 18xlarge 4.277
    c6g: large 0.05112, xlarge 0.10224, 2xlarge 0.20448, 4xlarge 0.40896, 8xlarge 0.81792, 12xlarge 1.22688, 16xlarge 1.63584
    c6gd: large 0.0588, xlarge 0.1176, 2xlarge 0.2352, 4xlarge 0.4704, 8xlarge 0.9408, 12xlarge 1.4112, 16xlarge 1.8816
    c6gn: large 0.1038, xlarge 0.2076, 2xlarge 0.4152, 4xlarge 0.8304, 8xlarge 1.6608, 12xlarge 2.4912, 16xlarge 3.3216
    c6i: large 0.102, xlarge 0.204, 2xlarge 0.408, 4xlarge 0.816, 8xlarge 1.632, 12xlarge 2.448, 16xlarge 3.264, 24xlarge 4.896, 32xlarge 6.528
    c7g: 2xlarge 0.23556, 4xlarge 0.47112, 8xlarge 0.94236
    c8g: medium 0.032388, large 0.064776, xlarge 0.129552, 2xlarge 0.259104, 4xlarge 0.518208, 8xlarge 1.036416, 12xlarge 1.554624, 16xlarge 2.072832, 24xlarge 3.109248, 48xlarge 6.218496
    g4dn: xlarge 0.8106, 2xlarge 1.035, 4xlarge 1.656, 8xlarge 2.994, 12xlarge 5.383, 16xlarge 5.989
    g5: xlarge 1.691, 2xlarge 1.819, 4xlarge 2.438, 8xlarge 3.674, 12xlarge 8.514, 16xlarge 6.148, 24xlarge 12.224, 48xlarge 24.448
    g6: xlarge 1.353, 2xlarge 1.4674, 4xlarge 1.9861, 8xlarge 3.0236, 12xlarge 6.907, 16xlarge 5.0986, 24xlarge 10.0194, 48xlarge 20.0389
    g6e: xlarge 3.129, 2xlarge 3.365825, 4xlarge 4.5099875, 8xlarge 6.7983125, 12xlarge 15.7516375, 16xlarge 11.37495, 24xlarge 22.6166, 48xlarge 45.2332
    inf1: xlarge 0.312, 2xlarge 0.457, 6xlarge 1.49, 24xlarge 5.958
    inf2: xlarge 1.134, 8xlarge 2.942, 24xlarge 9.703, 48xlarge 19.407
    m4: xlarge 0.252, 2xlarge 0.504, 4xlarge 1.008, 10xlarge 2.52, 16xlarge 4.032
    m5: large 0.121, xlarge 0.242, 2xlarge 0.485, 4xlarge 0.97, 12xlarge 2.909, 24xlarge 5.818
    m5d: large 0.146, xlarge 0.293, 2xlarge 0.586, 4xlarge 1.171, 12xlarge 3.514, 24xlarge 7.027
    m6g: large 0.06072, xlarge 0.12144, 2xlarge 0.24288, 4xlarge 0.48576, 8xlarge 0.97152, 12xlarge 1.45728, 16xlarge 1.94304
    m6gd: large 0.07248, xlarge 0.14496, 2xlarge 0.28992, 4xlarge 0.57984, 8xlarge 1.15968, 12xlarge 1.73952, 16xlarge 2.31936
    p4d: 24xlarge 30.29606
    p5: 4xlarge 9.4944
    p5en: 48xlarge 87.354
    r5: large 0.156, xlarge 0.312, 2xlarge 0.624, 4xlarge 1.248, 12xlarge 3.744, 24xlarge 7.488
    r5d: large 0.181, xlarge 0.362, 2xlarge 0.725, 4xlarge 1.45, 12xlarge 4.349, 24xlarge 8.698
    r6g: large 0.078, xlarge 0.156, 2xlarge 0.312, 4xlarge 0.624, 8xlarge 1.248, 12xlarge 1.872, 16xlarge 2.496
    r6gd: large 0.08964, xlarge 0.1794, 2xlarge 0.3588, 4xlarge 0.71748, 8xlarge 1.43496, 12xlarge 2.15256, 16xlarge 2.87004
    t2: medium 0.06, large 0.119, xlarge 0.238, 2xlarge 0.476
  `,
  'ap-southeast-1': `
    c4: large 0.138, xlarge 0.277, 2xlarge 0.554, 4xlarge 1.109, 8xlarge 2.218
    c5: large 0.118, xlarge 0.235, 2xlarge 0.47, 4xlarge 0.941, 9xlarge 2.117, 18xlarge 4.234
    c5d: large 0.134, xlarge 0.269, 2xlarge 0.538, 4xlarge 1.075, 9xlarge 2.419, 18xlarge 4.838
    c6g: large 0.09408, xlarge 0.18816, 2xlarge 0.37632, 4xlarge 0.75264, 8xlarge 1.50528, 12xlarge 2.25792, 16xlarge 3.01056
    c6gd: large 0.108, xlarge 0.216, 2xlarge 0.432, 4xlarge 0.864, 8xlarge 1.728, 12xlarge 2.592, 16xlarge 3.456
    c6gn: large 0.1188, xlarge 0.2376, 2xlarge 0.4752, 4xlarge 0.9504, 8xlarge 1.9008, 12xlarge 2.8512, 16xlarge 3.8016
    c6i: large 0.1176, xlarge 0.2352, 2xlarge 0.4704, 4xlarge 0.9408, 8xlarge 1.8816, 12xlarge 2.8224, 16xlarge 3.7632, 24xlarge 5.6448, 32xlarge 7.5264
    c7g: 2xlarge 0.39984, 4xlarge 0.79968, 8xlarge 1.59936
    g4dn: xlarge 1.0304, 2xlarge 1.315, 4xlarge 2.106, 8xlarge 3.806, 12xlarge 6.843, 16xlarge 7.611
    g5: xlarge 1.9712, 2xlarge 2.1203875, 4xlarge 2.8411875, 8xlarge 4.282775, 12xlarge 9.923175, 16xlarge 7.1659625, 24xlarge 14.24795, 48xlarge 28.4959
    inf1: xlarge 0.401, 2xlarge 0.587, 6xlarge 1.913, 24xlarge 7.652
    inf2: xlarge 1.221, 8xlarge 3.168, 24xlarge 10.45, 48xlarge 20.9
    m4: xlarge 0.3, 2xlarge 0.6, 4xlarge 1.2, 10xlarge 3.0, 16xlarge 4.8
    m5: large 0.144, xlarge 0.288, 2xlarge 0.576, 4xlarge 1.152, 12xlarge 3.456, 24xlarge 6.912
    m5d: large 0.169, xlarge 0.338, 2xlarge 0.677, 4xlarge 1.354, 12xlarge 4.061, 24xlarge 8.122
    m6g: large 0.1152, xlarge 0.2304, 2xlarge 0.4608, 4xlarge 0.9216, 8xlarge 1.8432, 12xlarge 2.7648, 16xlarge 3.6864
    m6gd: large 0.1356, xlarge 0.2712, 2xlarge 0.5424, 4xlarge 1.0848, 8xlarge 2.1696, 12xlarge 3.2544, 16xlarge 4.3392
    p3: 2xlarge 5.293, 8xlarge 20.323, 16xlarge 38.953
    r5: large 0.182, xlarge 0.365, 2xlarge 0.73, 4xlarge 1.459, 12xlarge 4.378, 24xlarge 8.755
    r5d: large 0.209, xlarge 0.418, 2xlarge 0.835, 4xlarge 1.67, 12xlarge 5.011, 24xlarge 10.022
    r6g: large 0.14592, xlarge 0.29184, 2xlarge 0.58368, 4xlarge 1.16736, 8xlarge 2.33472, 12xlarge 3.50208, 16xlarge 4.66944
    r6gd: large 0.1668, xlarge 0.3336, 2xlarge 0.6672, 4xlarge 1.3344, 8xlarge 2.6688, 12xlarge 4.0032, 16xlarge 5.3376
    t2: medium 0.07, large 0.14, xlarge 0.28, 2xlarge 0.561
  `,
  'ap-southeast-2': `
    c4: large 0.156, xlarge 0.313, 2xlarge 0.626, 4xlarge 1.25, 8xlarge 2.502
    c5: large 0.133, xlarge 0.266, 2xlarge 0.533, 4xlarge 1.066, 9xlarge 2.398, 18xlarge 4.795
    c5d: large 0.151, xlarge 0.302, 2xlarge 0.605, 4xlarge 1.21, 9xlarge 2.722, 18xlarge 5.443
    c6g: large 0.10656, xlarge 0.21312, 2xlarge 0.42624, 4xlarge 0.85248, 8xlarge 1.70496, 12xlarge 2.55744, 16xlarge 3.40992
    c6gd: large 0.1212, xlarge 0.2424, 2xlarge 0.4848, 4xlarge 0.9696, 8xlarge 1.9392, 12xlarge 2.9088, 16xlarge 3.8784
    c6gn: large 0.1356, xlarge 0.2712, 2xlarge 0.5424, 4xlarge 1.0848, 8xlarge 2.1696, 12xlarge 3.2544, 16xlarge 4.3392
    c6i: large 0.1332, xlarge 0.2664, 2xlarge 0.5328, 4xlarge 1.0656, 8xlarge 2.1312, 12xlarge 3.1968, 16xlarge 4.2624, 24xlarge 6.3936, 32xlarge 8.5248
    g4dn: xlarge 0.9576, 2xlarge 1.222, 4xlarge 1.958, 8xlarge 3.538, 12xlarge 6.359, 16xlarge 7.074
    g5: xlarge 1.8312, 2xlarge 1.9698, 4xlarge 2.6394, 8xlarge 3.9786, 12xlarge 9.2184, 16xlarge 6.657, 24xlarge 13.236, 48xlarge 26.4721
    g6: xlarge 1.465, 2xlarge 1.5888, 4xlarge 2.1505, 8xlarge 3.2739, 12xlarge 7.4787, 16xlarge 5.5207, 24xlarge 10.8489, 48xlarge 21.6977
    inf1: xlarge 0.371, 2xlarge 0.543, 6xlarge 1.771, 24xlarge 7.082
    inf2: xlarge 1.287, 8xlarge 3.072, 24xlarge 10.128, 48xlarge 20.256
    m4: xlarge 0.3, 2xlarge 0.6, 4xlarge 1.2, 10xlarge 3.0, 16xlarge 4.8
    m5: large 0.144, xlarge 0.288, 2xlarge 0.576, 4xlarge 1.152, 12xlarge 3.456, 24xlarge 6.912
    m5d: large 0.17, xlarge 0.341, 2xlarge 0.682, 4xlarge 1.363, 12xlarge 4.09, 24xlarge 8.179
    m6g: large 0.1152, xlarge 0.2304, 2xlarge 0.4608, 4xlarge 0.9216, 8xlarge 1.8432, 12xlarge 2.7648, 16xlarge 3.6864
    m6gd: large 0.1368, xlarge 0.2736, 2xlarge 0.5472, 4xlarge 1.0944, 8xlarge 2.1888, 12xlarge 3.2832, 16xlarge 4.3776
    p3: 2xlarge 5.293, 8xlarge 20.323, 16xlarge 38.953
    p4d: 24xlarge 32.8266695
    p5: 48xlarge 82.2825
    r5: large 0.181, xlarge 0.362, 2xlarge 0.725, 4xlarge 1.45, 12xlarge 4.349, 24xlarge 8.698
    r5d: large 0.209, xlarge 0.418, 2xlarge 0.835, 4xlarge 1.67, 12xlarge 5.011, 24xlarge 10.022
    r6g: large 0.14496, xlarge 0.28992, 2xlarge 0.57984, 4xlarge 1.15968, 8xlarge 2.31936, 12xlarge 3.47904, 16xlarge 4.63872
    r6gd: large 0.1668, xlarge 0.3336, 2xlarge 0.6672, 4xlarge 1.3344, 8xlarge 2.6688, 12xlarge 4.0032, 16xlarge 5.3376
    t2: medium 0.07, large 0.14, xlarge 0.28, 2xlarge 0.561
  `,
};
