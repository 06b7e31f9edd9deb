/** Region → family → price per hour by size; see built-in.ts for the source and its day. */
export const EUROPE: Record<string, string> = {
  'eu-central-1': `
    c4: large 0.137, xlarge 0.272, 2xlarge 0.545, 4xlarge 1.091, 8xlarge 2.18
    c5: large 0.116, xlarge 0.233, 2xlarge 0.466, 4xlarge 0.931, 9xlarge 2.095, 18xlarge 4.19
    c5d: large 0.133, xlarge 0.266, 2xlarge 0.533, 4xlarge 1.066, 9xlarge 2.398, 18xlarge 4.795
    c6g: large 0.09312, xlarge 0.18624, 2xlarge 0.37248, 4xlarge 0.74496, 8xlarge 1.48992, 12xlarge 2.23488, 16xlarge 2.97984
    c6gd: large 0.1068, xlarge 0.2136, 2xlarge 0.4272, 4xlarge 0.8544, 8xlarge 1.7088, 12xlarge 2.5632, 16xlarge 3.4176
    c6gn: large 0.11832, xlarge 0.23664, 2xlarge 0.47328, 4xlarge 0.94656, 8xlarge 1.89312, 12xlarge 2.83968, 16xlarge 3.78624
    c7g: 2xlarge 0.39576, 4xlarge 0.79152, 8xlarge 1.58304
    c8g: medium 0.05442, large 0.10884, xlarge 0.21768, 2xlarge 0.43536, 4xlarge 0.87072, 8xlarge 1.74144, 12xlarge 2.61216, 16xlarge 3.48288, 24xlarge 5.22432, 48xlarge 10.44864
    g4dn: xlarge 0.921, 2xlarge 1.175, 4xlarge 1.881, 8xlarge 3.4, 12xlarge 6.112, 16xlarge 6.8
    g5: xlarge 1.761, 2xlarge 1.895, 4xlarge 2.539, 8xlarge 3.827, 12xlarge 8.866, 16xlarge 6.403, 24xlarge 12.73, 48xlarge 25.46
    g6: xlarge 1.409, 2xlarge 1.5281, 4xlarge 2.0683, 8xlarge 3.1488, 12xlarge 7.1929, 16xlarge 5.3096, 24xlarge 10.4342, 48xlarge 20.8683
    g6e: xlarge 3.13, 2xlarge 3.5, 4xlarge 4.7, 8xlarge 7.08, 12xlarge 16.4, 16xlarge 11.84, 24xlarge 23.55, 48xlarge 47.1
    inf1: xlarge 0.371, 2xlarge 0.543, 6xlarge 1.771, 24xlarge 7.082
    inf2: xlarge 1.308, 8xlarge 3.395, 24xlarge 11.196, 48xlarge 22.393
    m4: xlarge 0.288, 2xlarge 0.576, 4xlarge 1.152, 10xlarge 2.88, 16xlarge 4.608
    m5: large 0.138, xlarge 0.276, 2xlarge 0.552, 4xlarge 1.104, 12xlarge 3.312, 24xlarge 6.624
    m5d: large 0.163, xlarge 0.326, 2xlarge 0.653, 4xlarge 1.306, 12xlarge 3.917, 24xlarge 7.834
    m6g: large 0.1104, xlarge 0.2208, 2xlarge 0.4416, 4xlarge 0.8832, 8xlarge 1.7664, 12xlarge 2.6496, 16xlarge 3.5328
    m6gd: large 0.1308, xlarge 0.2616, 2xlarge 0.5232, 4xlarge 1.0464, 8xlarge 2.0928, 12xlarge 3.1392, 16xlarge 4.1856
    p3: 2xlarge 4.779, 8xlarge 18.35, 16xlarge 35.172
    p4d: 24xlarge 31.547927
    p4de: 24xlarge 39.434903
    r5: large 0.182, xlarge 0.365, 2xlarge 0.73, 4xlarge 1.459, 12xlarge 4.378, 24xlarge 8.755
    r5d: large 0.208, xlarge 0.415, 2xlarge 0.83, 4xlarge 1.661, 12xlarge 4.982, 24xlarge 9.965
    r6g: large 0.14592, xlarge 0.29184, 2xlarge 0.58368, 4xlarge 1.16736, 8xlarge 2.33472, 12xlarge 3.50208, 16xlarge 4.66944
    r6gd: large 0.1656, xlarge 0.3312, 2xlarge 0.6624, 4xlarge 1.3248, 8xlarge 2.6496, 12xlarge 3.9744, 16xlarge 5.2992
    t2: medium 0.064, large 0.129, xlarge 0.257, 2xlarge 0.515
  `,
  'eu-central-2': `
    c5: large 0.1284, xlarge 0.2556, 2xlarge 0.5124, 4xlarge 1.0248, 9xlarge 2.3052, 18xlarge 4.6092
    c5d: large 0.1465, xlarge 0.293, 2xlarge 0.5861, 4xlarge 1.1722, 9xlarge 2.6374, 18xlarge 5.2747
    c6g: large 0.1025, xlarge 0.2048, 2xlarge 0.4097, 4xlarge 0.8195, 8xlarge 1.639, 12xlarge 2.4583, 16xlarge 3.2778
    g6: xlarge 1.519, 2xlarge 1.6475, 4xlarge 2.2299, 8xlarge 3.3947, 12xlarge 7.7546, 16xlarge 5.7243, 24xlarge 11.2491, 48xlarge 22.4981
    m5: large 0.1518, xlarge 0.3036, 2xlarge 0.6072, 4xlarge 1.2144, 12xlarge 3.6432, 24xlarge 7.2864
    m5d: large 0.1795, xlarge 0.359, 2xlarge 0.7181, 4xlarge 1.4362, 12xlarge 4.3085, 24xlarge 8.617
    m6g: large 0.1214, xlarge 0.2429, 2xlarge 0.4858, 4xlarge 0.9715, 8xlarge 1.943, 12xlarge 2.9146
    m6gd: large 0.1439, xlarge 0.2878, 2xlarge 0.5755, 4xlarge 1.151, 8xlarge 2.3021, 12xlarge 3.4531, 16xlarge 4.6042
    r5: large 0.2006, xlarge 0.4013, 2xlarge 0.8026, 4xlarge 1.6051, 12xlarge 4.8154, 24xlarge 9.6307
    r5d: large 0.228, xlarge 0.4572, 2xlarge 0.9132, 4xlarge 1.8264, 12xlarge 5.4804, 24xlarge 10.9608
    r6g: 16xlarge 5.136
  `,
  'eu-north-1': `
    c5: large 0.109, xlarge 0.218, 2xlarge 0.437, 4xlarge 0.874, 9xlarge 1.966, 18xlarge 3.931
    c5d: large 0.125, xlarge 0.25, 2xlarge 0.499, 4xlarge 0.998, 9xlarge 2.246, 18xlarge 4.493
    c6g: large 0.0876, xlarge 0.1752, 2xlarge 0.3504, 4xlarge 0.7008, 8xlarge 1.4016, 12xlarge 2.1024, 16xlarge 2.8032
    c7g: 2xlarge 0.37128, 4xlarge 0.74268, 8xlarge 1.48536
    c7i: large 0.115, xlarge 0.229, 2xlarge 0.459, 4xlarge 0.917, 8xlarge 1.835, 12xlarge 2.752, 16xlarge 3.669, 24xlarge 5.504, 48xlarge 11.007
    c8g: medium 0.05106, large 0.10212, xlarge 0.20424, 2xlarge 0.40848, 4xlarge 0.81696, 8xlarge 1.63392, 12xlarge 2.45088, 16xlarge 3.26784, 24xlarge 4.90176, 48xlarge 9.80352
    g4dn: xlarge 0.7812, 2xlarge 0.998, 4xlarge 1.596, 8xlarge 2.885, 12xlarge 5.188, 16xlarge 5.771
    g5: xlarge 1.4938, 2xlarge 1.60686, 4xlarge 2.15309, 8xlarge 3.24555, 12xlarge 7.51991, 16xlarge 5.43046, 24xlarge 10.79728, 48xlarge 21.59455
    g6: xlarge 1.195, 2xlarge 1.2961, 4xlarge 1.7543, 8xlarge 2.6707, 12xlarge 6.1008, 16xlarge 4.5035, 24xlarge 8.85, 48xlarge 17.6999
    inf1: xlarge 0.315, 2xlarge 0.462, 6xlarge 1.505, 24xlarge 6.02
    inf2: xlarge 1.079, 8xlarge 2.592, 24xlarge 8.568, 48xlarge 17.136
    m5: large 0.122, xlarge 0.245, 2xlarge 0.49, 4xlarge 0.979, 12xlarge 2.938, 24xlarge 5.875
    m5d: large 0.144, xlarge 0.288, 2xlarge 0.576, 4xlarge 1.152, 12xlarge 3.456, 24xlarge 6.912
    m6g: large 0.0984, xlarge 0.1968, 2xlarge 0.3936, 4xlarge 0.7872, 8xlarge 1.5744, 12xlarge 2.3616, 16xlarge 3.1488
    m7i: large 0.129, xlarge 0.257, 2xlarge 0.514, 4xlarge 1.028, 8xlarge 2.056, 12xlarge 3.084, 16xlarge 4.113, 24xlarge 6.169, 48xlarge 12.338
    p5en: 48xlarge 77.88573
    r5: large 0.161, xlarge 0.322, 2xlarge 0.643, 4xlarge 1.286, 12xlarge 3.859, 24xlarge 7.718
    r5d: large 0.182, xlarge 0.365, 2xlarge 0.73, 4xlarge 1.459, 12xlarge 4.378, 24xlarge 8.755
    r6g: large 0.1284, xlarge 0.2568, 2xlarge 0.5136, 4xlarge 1.0272, 8xlarge 2.0544, 12xlarge 3.0816, 16xlarge 4.1088
    r7i: large 0.169, xlarge 0.338, 2xlarge 0.675, 4xlarge 1.351, 8xlarge 2.701, 12xlarge 4.052, 16xlarge 5.403, 24xlarge 8.104, 48xlarge 16.209
  `,
  'eu-south-1': `
    c5: large 0.121, xlarge 0.242, 2xlarge 0.485, 4xlarge 0.97, 9xlarge 2.182, 18xlarge 4.363
    c5d: large 0.137, xlarge 0.274, 2xlarge 0.547, 4xlarge 1.094, 9xlarge 2.462, 18xlarge 4.925
    c6g: large 0.09696, xlarge 0.19392, 2xlarge 0.38784, 4xlarge 0.77568, 8xlarge 1.55136, 12xlarge 2.32704, 16xlarge 3.10272
    g4dn: xlarge 0.862, 2xlarge 1.1, 4xlarge 1.762, 8xlarge 3.184, 12xlarge 5.725, 16xlarge 6.369
    inf1: xlarge 0.347, 2xlarge 0.509, 6xlarge 1.659, 24xlarge 6.636
    m5: large 0.134, xlarge 0.269, 2xlarge 0.538, 4xlarge 1.075, 12xlarge 3.226, 24xlarge 6.451
    m5d: large 0.158, xlarge 0.317, 2xlarge 0.634, 4xlarge 1.267, 12xlarge 3.802, 24xlarge 7.603
    m6g: large 0.10752, xlarge 0.21504, 2xlarge 0.43008, 4xlarge 0.86016, 8xlarge 1.72032, 12xlarge 2.58048, 16xlarge 3.44064
    r5: large 0.178, xlarge 0.355, 2xlarge 0.71, 4xlarge 1.421, 12xlarge 4.262, 24xlarge 8.525
    r5d: large 0.202, xlarge 0.403, 2xlarge 0.806, 4xlarge 1.613, 12xlarge 4.838, 24xlarge 9.677
    r6g: large 0.14208, xlarge 0.28416, 2xlarge 0.56832, 4xlarge 1.13664, 8xlarge 2.27328, 12xlarge 3.40992, 16xlarge 4.54656
  `,
  'eu-south-2': `
    c5: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 9xlarge 2.074, 18xlarge 4.147
    c5d: large 0.131, xlarge 0.262, 2xlarge 0.523, 4xlarge 1.046, 9xlarge 2.354, 18xlarge 4.709
    c6g: large 0.088, xlarge 0.175, 2xlarge 0.35, 4xlarge 0.7, 8xlarge 1.401, 12xlarge 2.101, 16xlarge 2.802
    c7i: large 0.121, xlarge 0.242, 2xlarge 0.484, 4xlarge 0.968, 8xlarge 1.935, 12xlarge 2.903, 16xlarge 3.871, 24xlarge 5.806, 48xlarge 11.612
    c8g: medium 0.051156, large 0.102312, xlarge 0.204624, 2xlarge 0.409248, 4xlarge 0.818496, 8xlarge 1.636992, 12xlarge 2.455488, 16xlarge 3.273984, 24xlarge 4.910976, 48xlarge 9.821952
    g6: xlarge 1.187, 2xlarge 1.288, 4xlarge 1.743, 8xlarge 2.653, 12xlarge 6.061, 16xlarge 4.474, 24xlarge 8.792, 48xlarge 17.584
    g6e: xlarge 2.7454, 2xlarge 2.9532, 4xlarge 3.9570875, 8xlarge 5.964875, 12xlarge 13.8205625, 16xlarge 9.9804375, 24xlarge 19.8439125, 48xlarge 39.6878375
    g7e: 2xlarge 4.4298, 4xlarge 5.26625, 8xlarge 6.9391625, 12xlarge 10.914175, 24xlarge 21.82835, 48xlarge 43.6567
    inf2: xlarge 0.9857, 8xlarge 2.3615, 24xlarge 7.7887, 48xlarge 15.5776
    m5: large 0.128, xlarge 0.257, 2xlarge 0.514, 4xlarge 1.027, 12xlarge 3.082, 24xlarge 6.163
    m5d: large 0.151, xlarge 0.302, 2xlarge 0.605, 4xlarge 1.21, 12xlarge 3.629, 24xlarge 7.258
    m6g: large 0.103, xlarge 0.206, 2xlarge 0.413, 4xlarge 0.826, 8xlarge 1.651, 12xlarge 2.477
    m6gd: large 0.121, xlarge 0.242, 2xlarge 0.484, 4xlarge 0.968, 8xlarge 1.935, 12xlarge 2.903, 16xlarge 3.871
    m7i: large 0.135, xlarge 0.27, 2xlarge 0.539, 4xlarge 1.079, 8xlarge 2.157, 12xlarge 3.236, 16xlarge 4.314, 24xlarge 6.471, 48xlarge 12.943
    p5en: 48xlarge 78.613632
    r5: large 0.169, xlarge 0.338, 4xlarge 1.354, 12xlarge 4.061, 24xlarge 8.122
    r5d: large 0.192, xlarge 0.384, 2xlarge 0.768, 4xlarge 1.536, 12xlarge 4.608, 24xlarge 9.216
    r6g: large 0.135, xlarge 0.271, 2xlarge 0.541, 4xlarge 1.083, 8xlarge 2.166, 12xlarge 3.249, 16xlarge 4.332
    r7i: large 0.178, xlarge 0.355, 2xlarge 0.711, 4xlarge 1.421, 8xlarge 2.843, 12xlarge 4.264, 16xlarge 5.685, 24xlarge 8.528, 48xlarge 17.055
  `,
  'eu-west-1': `
    c4: large 0.136, xlarge 0.271, 2xlarge 0.544, 4xlarge 1.086, 8xlarge 2.173
    c5: large 0.115, xlarge 0.23, 2xlarge 0.461, 4xlarge 0.922, 9xlarge 2.074, 18xlarge 4.147
    c5d: large 0.131, xlarge 0.262, 2xlarge 0.523, 4xlarge 1.046, 9xlarge 2.354, 18xlarge 4.709
    c6g: large 0.0876, xlarge 0.17508, 2xlarge 0.35016, 4xlarge 0.70044, 8xlarge 1.40088, 12xlarge 2.1012, 16xlarge 2.80164
    c6gd: large 0.10464, xlarge 0.20928, 2xlarge 0.41856, 4xlarge 0.83712, 8xlarge 1.67424, 12xlarge 2.51136, 16xlarge 3.34848
    c6gn: large 0.11712, xlarge 0.23424, 2xlarge 0.46848, 4xlarge 0.93696, 8xlarge 1.87392, 12xlarge 2.81088, 16xlarge 3.74784
    c6i: large 0.10944, xlarge 0.21888, 2xlarge 0.43776, 4xlarge 0.87552, 8xlarge 1.75104, 12xlarge 2.62656, 16xlarge 3.50208, 24xlarge 5.25312, 32xlarge 7.00416
    c7g: large 0.093, xlarge 0.186, 2xlarge 0.37212, 4xlarge 0.74424, 8xlarge 1.48836, 12xlarge 2.2326, 16xlarge 2.97672
    c7i: large 0.115, xlarge 0.23, 2xlarge 0.46, 4xlarge 0.919, 8xlarge 1.839, 12xlarge 2.758, 16xlarge 3.677, 24xlarge 5.516, 48xlarge 11.032
    c8g: medium 0.051168, large 0.102336, xlarge 0.204672, 2xlarge 0.409344, 4xlarge 0.818688, 8xlarge 1.637376, 12xlarge 2.456064, 16xlarge 3.274752, 24xlarge 4.912128, 48xlarge 9.824256
    g4dn: xlarge 0.821, 2xlarge 1.047, 4xlarge 1.678, 8xlarge 3.033, 12xlarge 5.453, 16xlarge 6.066
    g5: xlarge 1.57, 2xlarge 1.69, 4xlarge 2.27, 8xlarge 3.42, 12xlarge 7.91, 16xlarge 5.72, 24xlarge 11.36, 48xlarge 22.73
    g6: xlarge 1.25776, 2xlarge 1.36413, 4xlarge 1.84636, 8xlarge 2.81085, 12xlarge 6.42098, 16xlarge 4.73983, 24xlarge 9.31443, 48xlarge 18.62885
    inf1: xlarge 0.33, 2xlarge 0.484, 6xlarge 1.578, 24xlarge 6.312
    inf2: xlarge 1.09, 8xlarge 2.829, 24xlarge 9.33, 48xlarge 18.661
    m4: xlarge 0.266, 2xlarge 0.533, 4xlarge 1.066, 10xlarge 2.664, 16xlarge 4.262
    m5: large 0.128, xlarge 0.257, 2xlarge 0.514, 4xlarge 1.027, 12xlarge 3.082, 24xlarge 6.163
    m5d: large 0.151, xlarge 0.302, 2xlarge 0.605, 4xlarge 1.21, 12xlarge 3.629, 24xlarge 7.258
    m6g: large 0.1032, xlarge 0.2064, 2xlarge 0.4128, 4xlarge 0.8256, 8xlarge 1.6512, 12xlarge 2.4768, 16xlarge 3.3024
    m6gd: large 0.12096, xlarge 0.24192, 2xlarge 0.48384, 4xlarge 0.96768, 8xlarge 1.93536, 12xlarge 2.90304, 16xlarge 3.87072
    m7i: large 0.135, xlarge 0.27, 2xlarge 0.539, 4xlarge 1.079, 8xlarge 2.157, 12xlarge 3.236, 16xlarge 4.314, 24xlarge 6.471, 48xlarge 12.943
    p3: 2xlarge 4.131, 8xlarge 15.864, 16xlarge 30.406
    p4d: 24xlarge 27.2730435
    r5: large 0.169, xlarge 0.338, 2xlarge 0.677, 4xlarge 1.354, 12xlarge 4.061, 24xlarge 8.122
    r5d: large 0.192, xlarge 0.384, 2xlarge 0.768, 4xlarge 1.536, 12xlarge 4.608, 24xlarge 9.216
    r6g: large 0.13536, xlarge 0.27072, 2xlarge 0.54144, 4xlarge 1.08288, 8xlarge 2.16576, 12xlarge 3.24864, 16xlarge 4.33152
    r6gd: large 0.1536, xlarge 0.3072, 2xlarge 0.6144, 4xlarge 1.2288, 8xlarge 2.4576, 12xlarge 3.6864, 16xlarge 4.9152
    r7i: large 0.178, xlarge 0.355, 2xlarge 0.711, 4xlarge 1.421, 8xlarge 2.843, 12xlarge 4.264, 16xlarge 5.685, 24xlarge 8.528, 48xlarge 17.055
    t2: medium 0.06, large 0.121, xlarge 0.242, 2xlarge 0.484
  `,
  'eu-west-2': `
    c4: large 0.143, xlarge 0.284, 2xlarge 0.571, 4xlarge 1.14, 8xlarge 2.282
    c5: large 0.121, xlarge 0.242, 2xlarge 0.485, 4xlarge 0.97, 9xlarge 2.182, 18xlarge 4.363
    c5d: large 0.138, xlarge 0.276, 2xlarge 0.552, 4xlarge 1.104, 9xlarge 2.484, 18xlarge 4.968
    c6g: large 0.09696, xlarge 0.19392, 2xlarge 0.38784, 4xlarge 0.77568, 8xlarge 1.55136, 12xlarge 2.32704, 16xlarge 3.10272
    c6i: large 0.1212, xlarge 0.2424, 2xlarge 0.4848, 4xlarge 0.9696, 8xlarge 1.9392, 12xlarge 2.9088, 16xlarge 3.8784, 24xlarge 5.8176, 32xlarge 7.7568
    g4dn: xlarge 0.862, 2xlarge 1.1, 4xlarge 1.761, 8xlarge 3.182, 12xlarge 5.721, 16xlarge 6.365
    g5: xlarge 1.788, 2xlarge 1.923, 4xlarge 2.577, 8xlarge 3.884, 12xlarge 9.0, 16xlarge 6.499, 24xlarge 12.922, 48xlarge 25.845
    g6: xlarge 1.4302, 2xlarge 1.5512, 4xlarge 2.0996, 8xlarge 3.1963, 12xlarge 7.3015, 16xlarge 5.3898, 24xlarge 10.5917, 48xlarge 21.1835
    inf1: xlarge 0.347, 2xlarge 0.509, 6xlarge 1.659, 24xlarge 6.636
    inf2: xlarge 1.482, 8xlarge 3.54, 24xlarge 11.688, 48xlarge 23.364
    m4: xlarge 0.278, 2xlarge 0.557, 4xlarge 1.114, 10xlarge 2.784, 16xlarge 4.454
    m5: large 0.133, xlarge 0.266, 2xlarge 0.533, 4xlarge 1.066, 12xlarge 3.197, 24xlarge 6.394
    m5d: large 0.157, xlarge 0.314, 2xlarge 0.629, 4xlarge 1.258, 12xlarge 3.773, 24xlarge 7.546
    m6g: large 0.10656, xlarge 0.21312, 2xlarge 0.42624, 4xlarge 0.85248, 8xlarge 1.70496, 12xlarge 2.55744, 16xlarge 3.40992
    p3: 2xlarge 4.486, 8xlarge 17.227, 16xlarge 33.019
    p4d: 24xlarge 32.8266695
    p5: 4xlarge 10.2856, 48xlarge 82.2825
    r5: large 0.178, xlarge 0.355, 2xlarge 0.71, 4xlarge 1.421, 12xlarge 4.262, 24xlarge 8.525
    r5d: large 0.203, xlarge 0.406, 2xlarge 0.811, 4xlarge 1.622, 12xlarge 4.867, 24xlarge 9.734
    r6g: large 0.14208, xlarge 0.28416, 2xlarge 0.56832, 4xlarge 1.13664, 8xlarge 2.27328, 12xlarge 3.40992, 16xlarge 4.54656
    t2: medium 0.062, large 0.127, xlarge 0.253, 2xlarge 0.507
  `,
  'eu-west-3': `
    c5: large 0.121, xlarge 0.242, 2xlarge 0.485, 4xlarge 0.97, 9xlarge 2.182, 18xlarge 4.363
    c5d: large 0.138, xlarge 0.276, 2xlarge 0.552, 4xlarge 1.104, 9xlarge 2.484, 18xlarge 4.968
    c6g: large 0.0972, xlarge 0.1944, 2xlarge 0.3888, 4xlarge 0.7776, 8xlarge 1.5552, 12xlarge 2.3328, 16xlarge 3.1104
    c6i: large 0.1212, xlarge 0.2424, 2xlarge 0.4848, 4xlarge 0.9696, 8xlarge 1.9392, 12xlarge 2.9088, 16xlarge 3.8784, 24xlarge 5.8176, 32xlarge 7.7568
    g4dn: xlarge 0.861, 2xlarge 1.099, 4xlarge 1.76, 8xlarge 3.18, 12xlarge 5.717, 16xlarge 6.36
    g6: xlarge 1.4302, 2xlarge 1.5512, 4xlarge 2.0995, 8xlarge 3.1963, 12xlarge 7.3015, 16xlarge 5.3898, 24xlarge 10.5917, 48xlarge 21.171
    inf1: xlarge 0.347, 2xlarge 0.508, 6xlarge 1.655, 24xlarge 6.62
    inf2: xlarge 1.378, 8xlarge 3.312, 24xlarge 10.908, 48xlarge 21.804
    m5: large 0.134, xlarge 0.269, 2xlarge 0.538, 4xlarge 1.075, 12xlarge 3.226, 24xlarge 6.451
    m5d: large 0.158, xlarge 0.317, 2xlarge 0.634, 4xlarge 1.267, 12xlarge 3.802, 24xlarge 7.603
    m6g: large 0.108, xlarge 0.216, 2xlarge 0.432, 4xlarge 0.864, 8xlarge 1.728, 12xlarge 2.592, 16xlarge 3.456
    r5: large 0.178, xlarge 0.355, 2xlarge 0.71, 4xlarge 1.421, 12xlarge 4.262, 24xlarge 8.525
    r5d: large 0.203, xlarge 0.406, 2xlarge 0.811, 4xlarge 1.622, 12xlarge 4.867, 24xlarge 9.734
    r6g: large 0.1416, xlarge 0.2832, 2xlarge 0.5664, 4xlarge 1.1328, 8xlarge 2.2656, 12xlarge 3.3984, 16xlarge 4.5312
    t2: medium 0.063, large 0.127, xlarge 0.253, 2xlarge 0.507
  `,
};
