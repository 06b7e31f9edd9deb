/** Region → family → price per hour by size; see built-in.ts for the source and its day. */
export const AMERICAS: Record<string, string> = {
  'ca-central-1': `
    c4: large 0.132, xlarge 0.262, 2xlarge 0.526, 4xlarge 1.051, 8xlarge 2.1
    c5: large 0.112, xlarge 0.223, 2xlarge 0.446, 4xlarge 0.893, 9xlarge 2.009, 18xlarge 4.018
    c5d: large 0.127, xlarge 0.254, 2xlarge 0.509, 4xlarge 1.018, 9xlarge 2.29, 18xlarge 4.579
    c6g: large 0.08928, xlarge 0.17856, 2xlarge 0.35712, 4xlarge 0.71424, 8xlarge 1.42848, 12xlarge 2.14272, 16xlarge 2.85696
    c6i: large 0.1116, xlarge 0.2232, 2xlarge 0.4464, 4xlarge 0.8928, 8xlarge 1.7856, 12xlarge 2.6784, 16xlarge 3.5712, 24xlarge 5.3568, 32xlarge 7.1424
    g4dn: xlarge 0.8176, 2xlarge 1.044, 4xlarge 1.671, 8xlarge 3.02, 12xlarge 5.429, 16xlarge 6.04
    g5: xlarge 1.564, 2xlarge 1.682, 4xlarge 2.254, 8xlarge 3.398, 12xlarge 7.872, 16xlarge 5.685, 24xlarge 11.303, 48xlarge 22.606
    g6: xlarge 1.251, 2xlarge 1.3568, 4xlarge 1.8365, 8xlarge 2.7958, 12xlarge 6.3867, 16xlarge 4.7145, 24xlarge 9.2647, 48xlarge 18.5293
    inf1: xlarge 0.33, 2xlarge 0.484, 6xlarge 1.578, 24xlarge 6.312
    m4: xlarge 0.266, 2xlarge 0.533, 4xlarge 1.066, 10xlarge 2.664, 16xlarge 4.262
    m5: large 0.128, xlarge 0.257, 2xlarge 0.514, 4xlarge 1.027, 12xlarge 3.082, 24xlarge 6.163
    m5d: large 0.151, xlarge 0.302, 2xlarge 0.605, 4xlarge 1.21, 12xlarge 3.629, 24xlarge 7.258
    m6g: large 0.10272, xlarge 0.20544, 2xlarge 0.41088, 4xlarge 0.82176, 8xlarge 1.64352, 12xlarge 2.46528, 16xlarge 3.28704
    p3: 2xlarge 4.208, 8xlarge 16.157, 16xlarge 30.967
    p4d: 24xlarge 29.039501
    p5: 48xlarge 72.795
    r5: large 0.166, xlarge 0.331, 2xlarge 0.662, 4xlarge 1.325, 12xlarge 3.974, 24xlarge 7.949
    r5d: large 0.19, xlarge 0.379, 2xlarge 0.758, 4xlarge 1.517, 12xlarge 4.55, 24xlarge 9.101
    r6g: large 0.13248, xlarge 0.26496, 2xlarge 0.52992, 4xlarge 1.05984, 8xlarge 2.11968, 12xlarge 3.17952, 16xlarge 4.23936
    t2: medium 0.061, large 0.123, xlarge 0.246, 2xlarge 0.492
  `,
  'sa-east-1': `
    c4: large 0.186, xlarge 0.371, 2xlarge 0.742, 4xlarge 1.482, 8xlarge 2.964
    c5: large 0.157, xlarge 0.314, 2xlarge 0.629, 4xlarge 1.258, 9xlarge 2.83, 18xlarge 5.659
    c5d: large 0.179, xlarge 0.358, 2xlarge 0.715, 4xlarge 1.43, 9xlarge 3.218, 18xlarge 6.437
    c6g: large 0.12576, xlarge 0.25152, 2xlarge 0.50304, 4xlarge 1.00608, 8xlarge 2.01216, 12xlarge 3.01824, 16xlarge 4.02432
    c6i: large 0.1572, xlarge 0.3144, 2xlarge 0.6288, 4xlarge 1.2576, 8xlarge 2.5152, 12xlarge 3.7728, 16xlarge 5.0304, 24xlarge 7.5456, 32xlarge 10.0608
    g4dn: xlarge 1.2516, 2xlarge 1.598, 4xlarge 2.557, 8xlarge 4.622, 12xlarge 8.311, 16xlarge 9.246
    g5: xlarge 2.394, 2xlarge 2.5752, 4xlarge 3.4506, 8xlarge 5.2014, 12xlarge 12.0516, 16xlarge 8.703, 24xlarge 17.304, 48xlarge 34.608
    g6: xlarge 1.9152, 2xlarge 2.0772, 4xlarge 2.8115, 8xlarge 4.2801, 12xlarge 9.7773, 16xlarge 7.2174, 24xlarge 14.1831, 48xlarge 28.3663
    inf1: xlarge 0.49, 2xlarge 0.718, 6xlarge 2.34, 24xlarge 9.361
    inf2: xlarge 1.677, 8xlarge 4.02, 24xlarge 13.236, 48xlarge 26.484
    m4: xlarge 0.382, 2xlarge 0.763, 4xlarge 1.526, 10xlarge 3.816, 16xlarge 6.106
    m5: large 0.184, xlarge 0.367, 2xlarge 0.734, 4xlarge 1.469, 12xlarge 4.406, 24xlarge 8.813
    m5d: large 0.216, xlarge 0.432, 2xlarge 0.864, 4xlarge 1.728, 12xlarge 5.184, 24xlarge 10.368
    m6g: large 0.14688, xlarge 0.29376, 2xlarge 0.58752, 4xlarge 1.17504, 8xlarge 2.35008, 12xlarge 3.52512, 16xlarge 4.70016
    p4d: 24xlarge 40.890435
    p5: 4xlarge 13.29216, 48xlarge 106.3405
    r5: large 0.2412, xlarge 0.4824, 2xlarge 0.9648, 4xlarge 1.9296, 12xlarge 5.7888, 24xlarge 11.5776
    r5d: large 0.274, xlarge 0.547, 2xlarge 1.094, 4xlarge 2.189, 12xlarge 6.566, 24xlarge 13.133
    r6g: large 0.19296, xlarge 0.38592, 2xlarge 0.77184, 4xlarge 1.54368, 8xlarge 3.08736, 12xlarge 4.63104, 16xlarge 6.17472
    t2: medium 0.089, large 0.179, xlarge 0.357, 2xlarge 0.714
  `,
  'us-east-1': `
    c4: large 0.12, xlarge 0.239, 2xlarge 0.478, 4xlarge 0.955, 8xlarge 1.909
    c5: large 0.102, xlarge 0.204, 2xlarge 0.408, 4xlarge 0.816, 9xlarge 1.836, 18xlarge 3.672
    c5d: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 9xlarge 2.074, 18xlarge 4.147
    c6g: large 0.0816, xlarge 0.1632, 2xlarge 0.3264, 4xlarge 0.6528, 8xlarge 1.3056, 12xlarge 1.9584, 16xlarge 2.6112
    c6gd: large 0.09216, xlarge 0.18432, 2xlarge 0.36864, 4xlarge 0.73728, 8xlarge 1.47456, 12xlarge 2.21184, 16xlarge 2.94912
    c6gn: large 0.10368, xlarge 0.20736, 2xlarge 0.41472, 4xlarge 0.82944, 8xlarge 1.65888, 12xlarge 2.48832, 16xlarge 3.31776
    c6i: large 0.102, xlarge 0.204, 2xlarge 0.408, 4xlarge 0.816, 8xlarge 1.632, 12xlarge 2.448, 16xlarge 3.264, 24xlarge 4.896, 32xlarge 6.528
    c7g: large 0.087, xlarge 0.174, 2xlarge 0.348, 4xlarge 0.696, 8xlarge 1.392, 12xlarge 2.088, 16xlarge 2.784
    c7i: large 0.107, xlarge 0.214, 2xlarge 0.428, 4xlarge 0.857, 8xlarge 1.714, 12xlarge 2.57, 16xlarge 3.427, 24xlarge 5.141, 48xlarge 10.282
    c8g: medium 0.047688, large 0.095376, xlarge 0.190752, 2xlarge 0.381504, 4xlarge 0.763008, 8xlarge 1.526016, 12xlarge 2.289024, 16xlarge 3.052032, 24xlarge 4.578048, 48xlarge 9.156096
    g4dn: xlarge 0.736, 2xlarge 0.94, 4xlarge 1.505, 8xlarge 2.72, 12xlarge 4.89, 16xlarge 5.44
    g5: xlarge 1.408, 2xlarge 1.515, 4xlarge 2.03, 8xlarge 3.06, 12xlarge 7.09, 16xlarge 5.12, 24xlarge 10.18, 48xlarge 20.36
    g6: xlarge 1.1267, 2xlarge 1.222, 4xlarge 1.654, 8xlarge 2.518, 12xlarge 5.752, 16xlarge 4.246, 24xlarge 8.344, 48xlarge 16.688
    g6e: xlarge 2.6054, 2xlarge 2.8026, 4xlarge 3.7553, 8xlarge 5.6607, 12xlarge 13.1158, 16xlarge 9.4715, 24xlarge 18.832, 48xlarge 37.664
    g7e: 2xlarge 4.2039, 4xlarge 4.9977, 8xlarge 6.5853, 12xlarge 10.3576, 24xlarge 20.7152, 48xlarge 41.4304
    inf1: xlarge 0.297, 2xlarge 0.434, 6xlarge 1.416, 24xlarge 5.666
    inf2: xlarge 0.99, 8xlarge 2.36, 24xlarge 7.79, 48xlarge 15.58
    m4: xlarge 0.24, 2xlarge 0.48, 4xlarge 0.96, 10xlarge 2.4, 16xlarge 3.84
    m5: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 12xlarge 2.765, 24xlarge 5.53
    m5d: large 0.136, xlarge 0.271, 2xlarge 0.542, 4xlarge 1.085, 12xlarge 3.254, 24xlarge 6.509
    m6g: large 0.0924, xlarge 0.1848, 2xlarge 0.3696, 4xlarge 0.7392, 8xlarge 1.4784, 12xlarge 2.2176, 16xlarge 2.9568
    m6gd: large 0.10848, xlarge 0.21696, 2xlarge 0.43392, 4xlarge 0.86784, 8xlarge 1.73568, 12xlarge 2.60352, 16xlarge 3.47136
    m7i: large 0.121, xlarge 0.242, 2xlarge 0.484, 4xlarge 0.968, 8xlarge 1.935, 12xlarge 2.903, 16xlarge 3.871, 24xlarge 5.806, 48xlarge 11.612
    p3: 2xlarge 3.825, 8xlarge 14.688, 16xlarge 28.152
    p4d: 24xlarge 25.2512883
    p4de: 24xlarge 31.5641075
    p5: 48xlarge 63.296
    p5en: 48xlarge 72.795
    p6-b200: 48xlarge 131.02272
    r5: large 0.151, xlarge 0.302, 2xlarge 0.605, 4xlarge 1.21, 12xlarge 3.629, 24xlarge 7.258
    r5d: large 0.173, xlarge 0.346, 2xlarge 0.691, 4xlarge 1.382, 12xlarge 4.147, 24xlarge 8.294
    r6g: large 0.12096, xlarge 0.24192, 2xlarge 0.48384, 4xlarge 0.96768, 8xlarge 1.93536, 12xlarge 2.90304, 16xlarge 3.87072
    r6gd: large 0.13824, xlarge 0.27648, 2xlarge 0.55296, 4xlarge 1.10592, 8xlarge 2.21184, 12xlarge 3.31776, 16xlarge 4.42368
    r7i: large 0.159, xlarge 0.318, 2xlarge 0.635, 4xlarge 1.27, 8xlarge 2.54, 12xlarge 3.81, 16xlarge 5.08, 24xlarge 7.62, 48xlarge 15.241
    r8g: medium 0.14, large 0.28, xlarge 0.57, 2xlarge 1.13, 4xlarge 2.26, 8xlarge 4.52, 12xlarge 6.79, 16xlarge 9.05, 24xlarge 13.57, 48xlarge 27.15
    t2: medium 0.056, large 0.111, xlarge 0.223, 2xlarge 0.445
    trn1: 2xlarge 1.55, 32xlarge 24.73
    trn1n: 32xlarge 28.497
  `,
  'us-east-2': `
    c4: large 0.12, xlarge 0.239, 2xlarge 0.478, 4xlarge 0.955, 8xlarge 1.909
    c5: large 0.102, xlarge 0.204, 2xlarge 0.408, 4xlarge 0.816, 9xlarge 1.836, 18xlarge 3.672
    c5d: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 9xlarge 2.074, 18xlarge 4.147
    c6g: large 0.0816, xlarge 0.1632, 2xlarge 0.3264, 4xlarge 0.6528, 8xlarge 1.3056, 12xlarge 1.9584, 16xlarge 2.6112
    c6gd: large 0.09216, xlarge 0.18432, 2xlarge 0.36864, 4xlarge 0.73728, 8xlarge 1.47456, 12xlarge 2.21184, 16xlarge 2.94912
    c6gn: large 0.10368, xlarge 0.20736, 2xlarge 0.41472, 4xlarge 0.82944, 8xlarge 1.65888, 12xlarge 2.48832, 16xlarge 3.31776
    c6i: large 0.102, xlarge 0.204, 2xlarge 0.408, 4xlarge 0.816, 8xlarge 1.632, 12xlarge 2.448, 16xlarge 3.264, 24xlarge 4.896, 32xlarge 6.528
    c7g: large 0.08676, xlarge 0.1734, 2xlarge 0.3468, 4xlarge 0.69372, 8xlarge 1.38744, 12xlarge 2.08104, 16xlarge 2.77476
    c7i: large 0.107, xlarge 0.214, 2xlarge 0.428, 4xlarge 0.857, 8xlarge 1.714, 12xlarge 2.57, 16xlarge 3.427, 24xlarge 5.141, 48xlarge 10.282
    c8g: medium 0.047688, large 0.095376, xlarge 0.190752, 2xlarge 0.381504, 4xlarge 0.763008, 8xlarge 1.526016, 12xlarge 2.289024, 16xlarge 3.052032, 24xlarge 4.578048, 48xlarge 9.156096
    g4dn: xlarge 0.736, 2xlarge 0.94, 4xlarge 1.505, 8xlarge 2.72, 12xlarge 4.89, 16xlarge 5.44
    g5: xlarge 1.4084, 2xlarge 1.515, 4xlarge 2.03, 8xlarge 3.06, 12xlarge 7.09, 16xlarge 5.12, 24xlarge 10.18, 48xlarge 20.36
    g6: xlarge 1.1267, 2xlarge 1.222, 4xlarge 1.654, 8xlarge 2.518, 12xlarge 5.752, 16xlarge 4.246, 24xlarge 8.344, 48xlarge 16.688
    g6e: xlarge 2.6054, 2xlarge 2.8026, 4xlarge 3.7553, 8xlarge 5.6607, 12xlarge 13.1158, 16xlarge 9.4715, 24xlarge 18.832, 48xlarge 37.664
    g7e: 2xlarge 4.2039, 4xlarge 4.9977, 8xlarge 6.5853, 12xlarge 10.3576, 24xlarge 20.7152, 48xlarge 41.4304
    inf1: xlarge 0.297, 2xlarge 0.434, 6xlarge 1.416, 24xlarge 5.666
    inf2: xlarge 0.99, 8xlarge 2.36, 24xlarge 7.79, 48xlarge 15.58
    m4: xlarge 0.24, 2xlarge 0.48, 4xlarge 0.96, 10xlarge 2.4, 16xlarge 3.84
    m5: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 12xlarge 2.765, 24xlarge 5.53
    m5d: large 0.136, xlarge 0.271, 2xlarge 0.542, 4xlarge 1.085, 12xlarge 3.254, 24xlarge 6.509
    m6g: large 0.0924, xlarge 0.1848, 2xlarge 0.3696, 4xlarge 0.7392, 8xlarge 1.4784, 12xlarge 2.2176, 16xlarge 2.9568
    m6gd: large 0.10848, xlarge 0.21696, 2xlarge 0.43392, 4xlarge 0.86784, 8xlarge 1.73568, 12xlarge 2.60352, 16xlarge 3.47136
    m7i: large 0.121, xlarge 0.242, 2xlarge 0.484, 4xlarge 0.968, 8xlarge 1.935, 12xlarge 2.903, 16xlarge 3.871, 24xlarge 5.806, 48xlarge 11.612
    p3: 2xlarge 3.825, 8xlarge 14.688, 16xlarge 28.152
    p4d: 24xlarge 25.251286
    p5: 48xlarge 63.296
    p5en: 48xlarge 72.795
    r5: large 0.151, xlarge 0.302, 2xlarge 0.605, 4xlarge 1.21, 12xlarge 3.629, 24xlarge 7.258
    r5d: large 0.173, xlarge 0.346, 2xlarge 0.691, 4xlarge 1.382, 12xlarge 4.147, 24xlarge 8.294
    r6g: large 0.12096, xlarge 0.24192, 2xlarge 0.48384, 4xlarge 0.96768, 8xlarge 1.93536, 12xlarge 2.90304, 16xlarge 3.87072
    r6gd: large 0.13824, xlarge 0.27648, 2xlarge 0.55296, 4xlarge 1.10592, 8xlarge 2.21184, 12xlarge 3.31776, 16xlarge 4.42368
    r7i: large 0.159, xlarge 0.318, 2xlarge 0.635, 4xlarge 1.27, 8xlarge 2.54, 12xlarge 3.81, 16xlarge 5.08, 24xlarge 7.62, 48xlarge 15.241
    r8g: medium 0.07, large 0.14, xlarge 0.28, 2xlarge 0.57, 4xlarge 1.13, 8xlarge 2.26, 12xlarge 3.39, 16xlarge 4.52, 24xlarge 6.79, 48xlarge 13.57
    t2: medium 0.056, large 0.111, xlarge 0.223, 2xlarge 0.445
    trn1n: 32xlarge 28.497
  `,
  'us-west-1': `
    c4: large 0.149, xlarge 0.299, 2xlarge 0.598, 4xlarge 1.196, 8xlarge 2.392
    c5: large 0.127, xlarge 0.254, 2xlarge 0.509, 4xlarge 1.018, 9xlarge 2.29, 18xlarge 4.579
    c5d: large 0.144, xlarge 0.288, 2xlarge 0.576, 4xlarge 1.152, 9xlarge 2.592, 18xlarge 5.184
    c6g: large 0.10176, xlarge 0.20352, 2xlarge 0.40704, 4xlarge 0.81408, 8xlarge 1.62816, 12xlarge 2.44224, 16xlarge 3.25632
    c6gd: large 0.1152, xlarge 0.2304, 2xlarge 0.4608, 4xlarge 0.9216, 8xlarge 1.8432, 12xlarge 2.7648, 16xlarge 3.6864
    c6gn: large 0.1296, xlarge 0.2592, 2xlarge 0.5184, 4xlarge 1.0368, 8xlarge 2.0736, 12xlarge 3.1104, 16xlarge 4.1472
    c6i: large 0.1272, xlarge 0.2544, 2xlarge 0.5088, 4xlarge 1.0176, 8xlarge 2.0352, 12xlarge 3.0528, 16xlarge 4.0704, 24xlarge 6.1056, 32xlarge 8.1408
    g4dn: xlarge 0.736, 2xlarge 1.053, 4xlarge 1.686, 8xlarge 3.046, 12xlarge 5.477, 16xlarge 6.093
    inf1: xlarge 0.356, 2xlarge 0.522, 6xlarge 1.701, 24xlarge 6.805
    m4: xlarge 0.281, 2xlarge 0.562, 4xlarge 1.123, 10xlarge 2.808, 16xlarge 4.493
    m5: large 0.134, xlarge 0.269, 2xlarge 0.538, 4xlarge 1.075, 12xlarge 3.226, 24xlarge 6.451
    m5d: large 0.16, xlarge 0.319, 2xlarge 0.638, 4xlarge 1.277, 12xlarge 3.83, 24xlarge 7.661
    m6g: large 0.10752, xlarge 0.21504, 2xlarge 0.43008, 4xlarge 0.86016, 8xlarge 1.72032, 12xlarge 2.58048, 16xlarge 3.44064
    m6gd: large 0.1272, xlarge 0.2544, 2xlarge 0.5088, 4xlarge 1.0176, 8xlarge 2.0352, 12xlarge 3.0528, 16xlarge 4.0704
    p5en: 48xlarge 90.988
    r5: large 0.168, xlarge 0.336, 2xlarge 0.672, 4xlarge 1.344, 12xlarge 4.032, 24xlarge 8.064
    r5d: large 0.194, xlarge 0.389, 2xlarge 0.778, 4xlarge 1.555, 12xlarge 4.666, 24xlarge 9.331
    r6g: large 0.1344, xlarge 0.2688, 2xlarge 0.5376, 4xlarge 1.0752, 8xlarge 2.1504, 12xlarge 3.2256, 16xlarge 4.3008
    r6gd: large 0.156, xlarge 0.312, 2xlarge 0.624, 4xlarge 1.248, 8xlarge 2.496, 12xlarge 3.744, 16xlarge 4.992
    t2: medium 0.066, large 0.132, xlarge 0.265, 2xlarge 0.53
  `,
  'us-west-2': `
    c4: large 0.12, xlarge 0.239, 2xlarge 0.478, 4xlarge 0.955, 8xlarge 1.909
    c5: large 0.102, xlarge 0.204, 2xlarge 0.408, 4xlarge 0.816, 9xlarge 1.836, 18xlarge 3.672
    c5d: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 9xlarge 2.074, 18xlarge 4.147
    c6g: large 0.0816, xlarge 0.1632, 2xlarge 0.3264, 4xlarge 0.6528, 8xlarge 1.3056, 12xlarge 1.9584, 16xlarge 2.6112
    c6gd: large 0.09216, xlarge 0.18432, 2xlarge 0.36864, 4xlarge 0.73728, 8xlarge 1.47456, 12xlarge 2.21184, 16xlarge 2.94912
    c6gn: large 0.10368, xlarge 0.20736, 2xlarge 0.41472, 4xlarge 0.82944, 8xlarge 1.65888, 12xlarge 2.48832, 16xlarge 3.31776
    c6i: large 0.102, xlarge 0.204, 2xlarge 0.408, 4xlarge 0.816, 8xlarge 1.632, 12xlarge 2.448, 16xlarge 3.264, 24xlarge 4.896, 32xlarge 6.528
    c7g: large 0.087, xlarge 0.174, 2xlarge 0.348, 4xlarge 0.696, 8xlarge 1.392, 12xlarge 2.088, 16xlarge 2.784
    c7i: large 0.107, xlarge 0.214, 2xlarge 0.428, 4xlarge 0.857, 8xlarge 1.714, 12xlarge 2.57, 16xlarge 3.427, 24xlarge 5.141, 48xlarge 10.282
    c8g: medium 0.047856, large 0.095712, xlarge 0.191424, 2xlarge 0.382848, 4xlarge 0.765696, 8xlarge 1.531392, 12xlarge 2.297088, 16xlarge 3.062784, 24xlarge 4.594176, 48xlarge 9.188352
    g4dn: xlarge 0.736, 2xlarge 0.94, 4xlarge 1.505, 8xlarge 2.72, 12xlarge 4.89, 16xlarge 5.44
    g5: xlarge 1.408, 2xlarge 1.515, 4xlarge 2.03, 8xlarge 3.06, 12xlarge 7.09, 16xlarge 5.12, 24xlarge 10.18, 48xlarge 20.36
    g6: xlarge 1.1267, 2xlarge 1.222, 4xlarge 1.654, 8xlarge 2.518, 12xlarge 5.752, 16xlarge 4.246, 24xlarge 8.344, 48xlarge 16.688
    g6e: xlarge 2.6054, 2xlarge 2.8026, 4xlarge 3.7553, 8xlarge 5.6607, 12xlarge 13.1158, 16xlarge 9.4715, 24xlarge 18.832, 48xlarge 37.664
    g7e: 2xlarge 4.2039, 4xlarge 4.9977, 8xlarge 6.5853, 12xlarge 10.3576, 24xlarge 20.7152, 48xlarge 41.4304
    inf1: xlarge 0.297, 2xlarge 0.434, 6xlarge 1.416, 24xlarge 5.666
    inf2: xlarge 0.99, 8xlarge 2.36, 24xlarge 7.79, 48xlarge 15.58
    m4: xlarge 0.24, 2xlarge 0.48, 4xlarge 0.96, 10xlarge 2.4, 16xlarge 3.84
    m5: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 12xlarge 2.765, 24xlarge 5.53
    m5d: large 0.136, xlarge 0.271, 2xlarge 0.542, 4xlarge 1.085, 12xlarge 3.254, 24xlarge 6.509
    m6g: large 0.0924, xlarge 0.1848, 2xlarge 0.3696, 4xlarge 0.7392, 8xlarge 1.4784, 12xlarge 2.2176, 16xlarge 2.9568
    m6gd: large 0.10848, xlarge 0.21696, 2xlarge 0.43392, 4xlarge 0.86784, 8xlarge 1.73568, 12xlarge 2.60352, 16xlarge 3.47136
    m7i: large 0.121, xlarge 0.242, 2xlarge 0.484, 4xlarge 0.968, 8xlarge 1.935, 12xlarge 2.903, 16xlarge 3.871, 24xlarge 5.806, 48xlarge 11.612
    p3: 2xlarge 3.825, 8xlarge 14.688, 16xlarge 28.152
    p4d: 24xlarge 25.251286
    p4de: 24xlarge 31.5641075
    p5: 48xlarge 63.296
    p5en: 48xlarge 72.795
    r5: large 0.151, xlarge 0.302, 2xlarge 0.605, 4xlarge 1.21, 12xlarge 3.629, 24xlarge 7.258
    r5d: large 0.173, xlarge 0.346, 2xlarge 0.691, 4xlarge 1.382, 12xlarge 4.147, 24xlarge 8.294
    r6g: large 0.12096, xlarge 0.24192, 2xlarge 0.48384, 4xlarge 0.96768, 8xlarge 1.93536, 12xlarge 2.90304, 16xlarge 3.87072
    r6gd: large 0.13824, xlarge 0.27648, 2xlarge 0.55296, 4xlarge 1.10592, 8xlarge 2.21184, 12xlarge 3.31776, 16xlarge 4.42368
    r7i: large 0.159, xlarge 0.318, 2xlarge 0.635, 4xlarge 1.27, 8xlarge 2.54, 12xlarge 3.81, 16xlarge 5.08, 24xlarge 7.62, 48xlarge 15.241
    r8g: medium 0.14, large 0.28, xlarge 0.57, 2xlarge 1.13, 4xlarge 2.26, 8xlarge 4.52, 12xlarge 6.79, 16xlarge 9.05, 24xlarge 13.57, 48xlarge 27.15
    t2: medium 0.056, large 0.111, xlarge 0.223, 2xlarge 0.445
    trn1: 2xlarge 1.5453125, 32xlarge 24.725
  `,
};
