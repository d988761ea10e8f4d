/**
 * Common codes of UNECE Recommendation 20, revision 17, levels 1 and 2 (space, time, mechanics), each followed by its
 * UCUM code. Temperatures inside compounds are differences, so that `°C/h` is `K/h` and `ft/°F` is `[ft_i]/[degR]`.
 *
 * Origin: UNECE Recommendation 20, Annexes I to III (codes are facts; names and texts are left out).
 */
export const mechanicsCodes = {
  angle: `C81 rad C25 mrad B97 urad DD deg D61 ' D62 '' A91 gon M43 circ/6400 M44 {rev} D27 sr H57 [in_i]/{rev}
    E96 deg/s H27 deg/m M55 m/rad M45 deg/s2 2A rad/s 2B rad/s2 M46 {rev}/min RPM {rev}/min RPS {rev}/s C84 rad/m
    OPM {oscillation}/min`,
  length: `MTR m DMT dm CMT cm 4H um MMT mm HMT hm KTM km KMT km C45 nm C52 pm A71 fm A45 dam MAM Mm NMI [nmi_i]
    A11 Ao A12 AU C63 pc B57 [ly] F52 m/K F50 um/K F51 cm/K F53 mm/K G06 mm/bar G04 cm/bar G05 m/bar M53 m/Pa H84 g.mm
    H79 mm/3 AK [fth_i] X1 66.[ft_i] INH [in_i] M7 10*-6.[in_i] FOT [ft_i] YRD [yd_i] SMI [mi_i] 77 [mil_i] F49 [rd_us]
    K13 [ft_i]/[degR] K17 [ft_i]/[psi] K45 [in_i]/[degR] K46 [in_i]/[psi] L98 [yd_i]/[degR] L99 [yd_i]/[psi]
    M49 [ch_us] M50 660.[ft_i] M51 [ft_us] M52 [mi_us] C92 m-1 C85 Ao-1 E97 mm/K/m N83 m/K/m`,
  area: `MTK m2 KMK km2 H30 um2 H59 m2/N DAA daar CMK cm2 DMK dm2 H16 dam2 H18 hm2 MMK mm2 ARE ar HAR har INK [sin_i]
    FTK [sft_i] YDK [syd_i] MIK [mi_i]2 M48 [smi_us] ACR [acr_us] M47 [cml_i] C93 m-2 P78 [sin_i]-1 D22 m2/mol
    D24 m2/sr A14 b A17 b/sr D20 m2/J A15 b/eV D16 cm2/erg D25 m2/(sr.J) A16 b/(sr.eV) D17 cm2/(sr.erg) D21 m2/kg
    D26 m2/(V.s) H15 cm2/g B83 m4 G77 mm4 D69 [in_i]4 N27 [ft_i]4`,
  volume: `MTQ m3 MAL ML LTR L MMQ mm3 CMQ cm3 DMQ dm3 MLT mL HLT hL CLT cL DMA dam3 H19 hm3 H20 km3 M71 m3/Pa DLT dL
    4G uL K6 kL A44 daL G94 cm3/bar G95 L/bar G96 m3/bar G97 mL/bar 5I 165.[cft_i] INQ [cin_i] FTQ [cft_i] YDQ [cyd_i]
    GLI [gal_br] GLL [gal_us] PT [pt_us] PTI [pt_br] QTI [qt_br] PTL [pt_us] QTL [qt_us] PTD [dpt_us] OZI [foz_br]
    QT [qt_us] J57 35.[gal_br] K21 [cft_i]/[degR] K23 [cft_i]/[psi] L43 [pk_br] L61 [dpt_us] L62 [dqt_us]
    L84 42.[cft_i] L86 40.[cft_i] M11 [cyd_i]/[degR] M14 [cyd_i]/[psi] OZA [foz_us] BUI [bu_br] BUA [bu_us]
    BLL [bbl_us] BLD 7056.[cin_i] GLD [gal_wi] QTD [dqt_us] G26 st G21 [cup_us] G24 [tbs_us] G25 [tsp_us] G23 [pk_us]
    M67 [acr_us].[ft_us] M68 [crd_us] M69 [mi_i]3 M70 100.[cft_i] G27 cm3/K G29 m3/K G28 L/K G30 mL/K J36 uL/L
    J87 cm3/m3 J91 dm3/m3 K62 L/L L19 mL/L L21 mm3/m3 H60 m3/m3 Q32 fL Q33 pL Q34 nL NM3 m3{normal} SM3 m3{standard}
    C86 m-3 H50 cm-3 L20 mm-3 K20 [cft_i]-1 K49 [cin_i]-1 K63 L-1 M10 [cyd_i]-1 A38 m3/C`,
  time: `SEC s MIN min HUR h DAY d B52 ks C26 ms H70 ps B98 us C47 ns WEE wk MON mo ANN a D42 a_t L95 365.d
    L96 31558150.s M56 10.ns H10 h-1 H11 mo-1 H09 a-1 H85 wk-1 C97 s-1 C94 min-1 HTZ Hz KHZ kHz MHZ MHz D29 THz
    A86 GHz D93 s/m3 D94 s/(rad.m3) D1 s-1/sr D2 s-1/(sr.m2) C99 s-1/m2 C98 s-1/m3 C87 m-3/s B81 m-2/s M17 kHz.m
    M18 GHz.m M27 MHz.m H34 Hz.m H39 MHz.km`,
  velocity: `MTS m/s KNT [kn_i] KMH km/h C16 mm/s 2M cm/s H49 cm/h H81 mm/min 2X m/min M59 m/s/Pa H66 mm/a H67 mm/h
    FR [ft_i]/min IU [in_i]/s FS [ft_i]/s HM [mi_i]/h J84 cm/s/K J85 cm/s/bar K14 [ft_i]/h K18 [ft_i]/s/[degR]
    K19 [ft_i]/s/[psi] K47 [in_i]/s/[degR] K48 [in_i]/s/[psi] L12 m/s/K L13 m/s/bar M22 mL/min/cm2 M57 [mi_i]/min
    M58 [mi_i]/s M60 m/h M61 [in_i]/(365.d) M62 km/s M63 [in_i]/min M64 [yd_i]/s M65 [yd_i]/min M66 [yd_i]/h
    35 mL/(cm2.s) 36 [cft_i]/min/[sft_i] P87 m3/s/m2 MSK m/s2 A76 Gal C11 mGal M38 km/s2 M39 cm/s2 M41 mm/s2
    A73 [ft_i]/s2 IV [in_i]/s2 K40 [g] M40 [yd_i]/s2 M42 [mi_i]/s2 H58 m/(V.s)`,
  mass: `KGM kg MC ug DJ dag DG dg GRM g CGM cg TNE t DTN dt MGM mg HGM hg KTN kt 2U Mg LBR [lb_av] GRN [gr]
    ONZ [oz_av] CWI [lcwt_av] CWA [scwt_av] LTN [lton_av] STI [stone_av] STN [ston_av] APZ [oz_tr]
    F13 [lbf_av].s2/[ft_i] K64 [lb_av]/[degR] L69 t/K L87 [ston_av]/[degR] M85 [ston_av].mg/[oz_tr] M86 500.g D43 u
    F14 g/K F15 kg/K F16 mg/K H53 kg/bar F74 g/bar F75 mg/bar K77 [lb_av]/[psi] L70 t/bar L91 [ston_av]/[psi]
    M74 kg/Pa KL kg/m GF g/m H76 g/mm KW kg/mm C12 mg/m M31 kg/km P2 [lb_av]/[ft_i] PO [lb_av]/[in_i] M83 [den]
    M84 [lb_av]/[yd_i] GO mg/m2 25 g/cm2 H63 mg/cm2 GM g/m2 28 kg/m2 D5 kg/cm2 ON [oz_av]/[syd_i] 37 [oz_av]/[sft_i]
    FP [lb_av]/[sft_i] N22 [oz_av]/[sin_i] N24 g/mm2 N25 [lb_av]/[syd_i] 80 [lb_av]/[sin_i] B31 kg.m/s M98 kg.cm/s
    M99 g.cm/s N10 [lb_av].[ft_i]/s N11 [lb_av].[in_i]/s B33 kg.m2/s B32 kg.m2 F18 kg.cm2 F19 kg.mm2
    F20 [lb_av].[in_i]2 K65 [lb_av].[ft_i]2 M94 kg.m IA [in_i].[lb_av] 4Q [oz_av].[in_i] 4R [oz_av].[ft_i] J33 ug/kg
    L32 ng/kg NA mg/kg M29 kg/kg M91 [lb_av]/[lb_av] H64 mg/g Q29 ug/hg F25 g/Hz`,
  density: `KMQ kg/m3 23 g/cm3 D41 t/m3 GJ g/mL B35 kg/L GL g/L A93 g/m3 GP mg/m3 B72 Mg/m3 B34 kg/dm3 H29 ug/L M1 mg/L
    GQ ug/m3 G11 g/(cm3.bar) G33 g/(cm3.K) F23 g/dm3 G12 g/(dm3.bar) G34 g/(dm3.K) G14 g/(m3.bar) G36 g/(m3.K)
    G13 g/(L.bar) G35 g/(L.K) G15 g/(mL.bar) G37 g/(mL.K) G31 kg/cm3 G16 kg/(cm3.bar) G38 kg/(cm3.K) G18 kg/(m3.bar)
    G40 kg/(m3.K) H54 kg/dm3/K H55 kg/dm3/bar F24 kg/kmol G17 kg/(L.bar) G39 kg/(L.K) M73 kg/m3/Pa 87 [lb_av]/[cft_i]
    GE [lb_av]/[gal_us] LA [lb_av]/[cin_i] G32 [oz_av]/[cyd_i] J34 ug/m3/K J35 ug/m3/bar K41 [gr]/[gal_us]
    K69 [lb_av]/[cft_i]/[degR] K70 [lb_av]/[cft_i]/[psi] K71 [lb_av]/[gal_br] K75 [lb_av]/[cin_i]/[degR]
    K76 [lb_av]/[cin_i]/[psi] K84 [lb_av]/[cyd_i] L17 mg/m3/K L18 mg/m3/bar L37 [oz_av]/[gal_br] L38 [oz_av]/[gal_us]
    L39 [oz_av]/[cin_i] L65 [lbf_av].s2/[ft_i]4 L76 t/m3/K L77 t/m3/bar L92 [lton_av]/[cyd_i] L93 [ston_av]/[cyd_i]
    A39 m3/kg 22 dL/g H65 mL/m3 H83 L/kg KX mL/kg N28 dm3/kg N29 [cft_i]/[lb_av] N30 [cin_i]/[lb_av]`,
  force: `NEW N B73 MN B47 kN C20 mN B92 uN DU dyn C78 [lbf_av] B37 kgf B51 kgf L40 [lbf_av]/16 L94 2000.[lbf_av]
    M75 1000.[lbf_av] M76 [lb_av].[ft_i]/s2 M77 kg.m/s2 M78 gf F17 [lbf_av]/[ft_i] F48 [lbf_av]/[in_i] C54 N.m2/kg2
    NU N.m H40 N/A B74 MN.m B48 kN.m D83 mN.m B93 uN.m DN dN.m J72 cN.m F88 N.cm F90 N.m/A F89 N.m/deg G19 N.m/kg
    F47 N/mm M93 N.m/rad B38 kgf.m F22 [lbf_av].[ft_i]/A F21 [lbf_av].[in_i] G20 [lbf_av].[ft_i]/[lb_av] J94 dyn.cm
    L41 [lbf_av].[in_i]/16 M92 [lbf_av].[ft_i] M95 [lb_av].[ft_i]2/s2 M96 [lb_av].[ft_i].[in_i]/s2 M97 dyn.m C57 N.s
    C53 N.m.s 4P N/m C22 mN/m M23 N/cm N31 kN/m DX dyn/cm N32 [lb_av].[ft_i]/s2/[in_i] N33 [lbf_av]/[yd_i]
    M34 N.m/m2 C58 N.s/m A51 dyn.s/cm P49 N.m2/A`,
  pressure: `74 mPa MPA MPa PAL Pa KPA kPa BAR bar HBA hbar MBR mbar KBA kbar ATM atm A89 GPa B96 uPa A97 hPa H75 daPa
    B85 ubar C55 N/m2 C56 N/mm2 H07 Pa.s/bar F94 hPa.m3/s F93 hPa.L/s F82 hPa/K F83 kPa/K F98 MPa.m3/s F97 MPa.L/s
    F85 MPa/K F96 mbar.m3/s F95 mbar.L/s F84 mbar/K G01 Pa.m3/s F99 Pa.L/s F77 Pa.s/K E01 N/cm2 PS [psi] B40 kgf/m2
    UA atm/760 ATT att H78 cm[H2O] HP mm[H2O] HN mm[Hg] F79 [in_i'Hg] F78 [in_i'H2O] J89 cm[Hg] K24 12.[in_i'H2O]
    K25 12.[in_i'Hg] K31 gf/cm2 E42 kgf/cm2 E41 kgf/mm2 K85 [lbf_av]/[sft_i] K86 [psi]/[degR] 84 1000.[psi] N13 cm[Hg]
    N14 980638.10*-4.Pa N15 2988980.mPa N16 [in_i'Hg] N17 3376850.mPa N18 249082.mPa N19 248840.mPa N20 1000.[psi]
    N21 [lb_av].[ft_i]/s2/[sft_i] N23 m[H2O] N26 [lb_av].[ft_i]/s2/[sin_i] E99 hPa/bar F05 MPa/bar F04 mbar/bar
    F07 Pa/bar F03 kPa/bar L52 [psi]/[psi] J56 bar/bar C96 Pa-1 F58 bar-1 K93 [psi]-1 C64 Pa/K F81 bar/K D9 dyn/cm2
    KNM kN/m2 33 kPa.m2/g P79 Pa.m2/kg 34 kPa/mm H42 Pa/m H69 pPa/km P80 mPa/m P81 kPa/m P82 hPa/m P83 atm/m P84 att/m
    P85 atm/760/m P86 [psi]/[in_i] F92 bar.m3/s F91 bar.L/s K87 [psi].[cin_i]/s K88 [psi].L/s K89 [psi].m3/s
    K90 [psi].[cyd_i]/s C67 Pa.s/m A50 dyn.s/cm3 C66 Pa.s/m3 A52 dyn.s/cm5 M32 Pa.s/L P42 Pa2.s`,
  viscosity: `C65 Pa.s N37 kg/(m.s) N38 kg/(m.min) C24 mPa.s N36 N/m2.s N39 kg/(m.d) N40 kg/(m.h) N41 g/(cm.s) 89 P C7 cP
    F06 P/bar F86 P/K J32 uP J73 cP/K J74 cP/bar K67 [lb_av]/([ft_i].h) K68 [lb_av]/([ft_i].s) K91 [lbf_av].s/[sft_i]
    K92 [lbf_av].s/[sin_i] L15 mPa.s/K L16 mPa.s/bar L64 [lbf_av].s/[sft_i] N34 [lb_av].[ft_i]/s/[sft_i] N35 P/Pa
    N42 [lb_av].[ft_i]/s/[sin_i] N43 [lb_av]/([ft_i].min) N44 [lb_av]/([ft_i].d) S4 m2/s M82 m2/s/Pa C17 mm2/s
    G41 m2/(s.bar) G09 m2/(s.K) 91 St 4C cSt G46 St/bar G10 St/K S3 [sft_i]/s G08 [sin_i]/s M79 [sft_i]/h M80 St/Pa
    M81 cm2/s`,
  massFlow: `KGS kg/s H56 kg/(m2.s) M87 kg/s/Pa 4M mg/h F26 g/d F62 g/(d.bar) F35 g/(d.K) F27 g/h F63 g/(h.bar)
    F36 g/(h.K) F28 g/min F64 g/(min.bar) F37 g/(min.K) F29 g/s F65 g/(s.bar) F38 g/(s.K) F30 kg/d F66 kg/(d.bar)
    F39 kg/(d.K) E93 kg/h F67 kg/(h.bar) F40 kg/(h.K) F31 kg/min F68 kg/(min.bar) F41 kg/(min.K) F69 kg/(s.bar)
    F42 kg/(s.K) F32 mg/d F70 mg/(d.bar) F43 mg/(d.K) F71 mg/(h.bar) F44 mg/(h.K) F33 mg/min F72 mg/(min.bar)
    F45 mg/(min.K) F34 mg/s F73 mg/(s.bar) F46 mg/(s.K) 4W [ston_av]/h 4U [lb_av]/h K66 [lb_av]/d K73 [lb_av]/h/[degR]
    K74 [lb_av]/h/[psi] K78 [lb_av]/min K79 [lb_av]/(min.[degR]) K80 [lb_av]/min/[psi] K81 [lb_av]/s K82 [lb_av]/s/[degR]
    K83 [lb_av]/s/[psi] L33 [oz_av]/d L34 [oz_av]/h L35 [oz_av]/min L36 [oz_av]/s L63 [lbf_av].s2/[ft_i]/d
    L66 [lbf_av].s2/[ft_i]/h L67 [lbf_av].s2/[ft_i]/min L68 [lbf_av].s/[ft_i] L71 t/d L72 t/d/K L73 t/d/bar E18 t/h
    L74 t/h/K L75 t/h/bar L78 t/min L79 t/min/K L80 t/min/bar L81 t/s L82 t/s/K L83 t/s/bar L85 [lton_av]/d
    L88 [ston_av]/d L89 [ston_av]/(h.[degR]) L90 [ston_av]/h/[psi] M88 t/mo M89 t/(365.d) M90 1000.[lb_av]/h`,
  volumeFlow: `MQS m3/s MQH m3/h 40 mL/s 41 mL/min LD L/d 2J cm3/s 4X kL/h L2 L/min G47 cm3/d G78 cm3/(d.bar) G61 cm3/(d.K)
    G48 cm3/h G79 cm3/(h.bar) G62 cm3/(h.K) G49 cm3/min G80 cm3/(min.bar) G63 cm3/(min.K) G81 cm3/(s.bar) G64 cm3/(s.K)
    E92 dm3/h G52 m3/d G86 m3/(d.bar) G69 m3/(d.K) G87 m3/(h.bar) G70 m3/(h.K) G53 m3/min G88 m3/(min.bar)
    G71 m3/(min.K) G89 m3/(s.bar) G72 m3/(s.K) G82 L/(d.bar) G65 L/(d.K) G83 L/(h.bar) G66 L/(h.K) G84 L/(min.bar)
    G67 L/(min.K) G51 L/s G85 L/(s.bar) G68 L/(s.K) G54 mL/d G90 mL/(d.bar) G73 mL/(d.K) G55 mL/h G91 mL/(h.bar)
    G74 mL/(h.K) G92 mL/(min.bar) G75 mL/(min.K) G93 mL/(s.bar) G76 mL/(s.K) 2K [cft_i]/h 2L [cft_i]/min 5A [bbl_us]/min
    G2 [gal_us]/min G3 [gal_br]/min G56 [cin_i]/h G57 [cin_i]/min G58 [cin_i]/s G50 [gal_us]/h J58 35.[gal_br]/min
    J59 35.[gal_br]/d J60 35.[gal_br]/h J61 35.[gal_br]/s J62 [bbl_us]/h J63 [bbl_us]/s J64 [bu_br]/d J65 [bu_br]/h
    J66 [bu_br]/min J67 [bu_br]/s J68 [bu_us]/d J69 [bu_us]/h J70 [bu_us]/min J71 [bu_us]/s J90 dm3/d J92 dm3/min
    J93 dm3/s N45 m3/s/Pa J95 [foz_br]/d J96 [foz_br]/h J97 [foz_br]/min J98 [foz_br]/s J99 [foz_us]/d K10 [foz_us]/h
    K11 [foz_us]/min K12 [foz_us]/s K22 [cft_i]/d K26 [gal_br]/d K27 [gal_br]/h K28 [gal_br]/s K30 [gal_us]/s
    K32 [gil_br]/d K33 [gil_br]/h K34 [gil_br]/min K35 [gil_br]/s K36 [gil_us]/d K37 [gil_us]/h K38 [gil_us]/min
    K39 [gil_us]/s K94 [qt_br]/d K95 [qt_br]/h K96 [qt_br]/min K97 [qt_br]/s K98 [qt_us]/d K99 [qt_us]/h L10 [qt_us]/min
    L11 [qt_us]/s L44 [pk_br]/d L45 [pk_br]/h L46 [pk_br]/min L47 [pk_br]/s L48 [pk_us]/d L49 [pk_us]/h L50 [pk_us]/min
    L51 [pk_us]/s L53 [pt_br]/d L54 [pt_br]/h L55 [pt_br]/min L56 [pt_br]/s L57 [pt_us]/d L58 [pt_us]/h L59 [pt_us]/min
    L60 [pt_us]/s M12 [cyd_i]/d M13 [cyd_i]/h M15 [cyd_i]/min M16 [cyd_i]/s Q37 m3{standard}/d Q38 m3{standard}/h
    Q39 m3{normal}/d Q40 m3{normal}/h`,
} as const;
