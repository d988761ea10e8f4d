/**
 * Common codes of UNECE Recommendation 20, revision 17, level 3 (units of trade and of information), each followed by
 * its UCUM code. What is counted, or the state a thing is measured in, is an annotation, so that bottles are not added
 * to boxes: `{dose}`, `kg{net}`, `m3{standard}`.
 *
 * Origin: UNECE Recommendation 20, Annexes I to III (codes are facts; names and texts are left out).
 */
export const tradeCodes = {
  ratio: `59 [ppm] 60 %{weight} 61 [ppb] P1 % NX [ppth] VP %{volume} E40 10*-5 H25 %/K M25 %/K H71 %/mo H72 %/hbar
    H73 %/(10.K) H89 %/Ohm H90 %/deg H91 %/10*4 H92 %/10*5 H93 %/100 H94 %/1000 H95 %/V H96 %/bar H98 %/[in_i] H99 %/m
    J10 %/mm J12 [ppth]/[psi] KLK %{lactic-dry-matter} LAC %{lactose-excess} B82 [in_i]/[ft_i] E33 [ft_i]/1000 Q26 1`,
  numbers: `CEN 100 HC 100 DZN 12 GRO 144 GGR 1728 SCO 20 MIL 10*3 MIO 10*6 MLD 10*9 BIL 10*12 TRL 10*18`,
  counted: `10 {group} 11 {outfit} 13 {ration} 15 {stick} 20 {container-20ft} 21 {container-40ft} 57 {strand}/[in_i]
    5B {batch} A59 {okta} AA {ball} AB {bulk-pack} ACT {activity} AL {line} AQ {AHF-unit} AS {assortment} AY {assembly}
    B17 {credit} B19 {digit} B7 {cycle} BPM {beat}/min C0 {call} C9 {coil-group} CG {card} CLF 100.{leaf} CNP 100.{pack}
    D63 {book} D65 {round} D68 {word} DPC 12.{pc} DPR 12.{pair} DRL 12.{roll} DZP 12.{pack} E12 10*3.{cigarette}
    E21 {share} E22 {TEU} E23 {tyre} E25 {active-unit} E27 {dose} E30 {strand} E48 {service-unit} E49 {working-day}
    E50 {accounting-unit} E51 {job} E53 {test} E54 {trip} E55 {use} E56 {well} E57 {zone} EA {each} EB {mailbox}
    FIT 10*-9.{failure}/h H21 {blank} H87 {pc} HBX 100.{box} HEA {head} HIU 100.[iU] IE {person} IUG [iU]/g JNT {joint}
    JWL {jewel} KA {cake} KB 10*3.{character} KJ 10*3.{segment} KT {kit} LEF {leaf} LN {length} LO {lot} LR {layer}
    MBE 10*3.{standard-brick} MIU 10*6.[iU] NAR {article} NCL {cell} NF {message} NIU [iU] NMP {pack} NPR {pair}
    NPT {part} OA {panel} P5 5.{pc} PD {pad} PI {character}/[in_i] PQ {page}/[in_i] PR {pair} PTN {portion} Q3 {meal}
    QA {page} QB {page} ROM {room} SET {set} SQ {square} SR {strip} STC {stick} STK {cigarette} STW {straw} SW {skein}
    SX {shipment} SYR {syringe} T0 {line} T3 10*3.{pc} TP 10.{pc} TPI {tooth}/[in_i] TPR 10.{pair} TST 10.{set}
    TTS 10*4.{stick} U1 {treatment} U2 {tablet} UB {line} UC {port} WM {working-month} Z11 {hanging-container} ZP {page}
    Q11 {erlang}`,
  time: `3C {person}.mo AH min{additional} AI min/{call} DAD 10.d E10 K.d LH h{labour} OT h{overtime} RH h{operating}
    M36 30.d M37 360.d QAN 3.mo SAN 6.mo E91 d-1`,
  information: `A99 bit AD By Q12 By B10 bit/s C37 kbit D36 Mbit B68 Gbit E83 Tbit E78 Pbit C74 kbit/s E20 Mbit/s
    B80 Gbit/s E84 Tbit/s E79 Pbit/s E58 Ebit/s 2P kBy 4L MBy E34 GBy E35 TBy E36 PBy P93 By/s Q13 By/s P94 kBy/s
    P95 MBy/s E68 GBy/s C21 Kibit D11 Mibit B30 Gibit E64 KiBy E63 MiBy E62 GiBy E61 TiBy E60 1024.TiBy
    E59 1024.1024.TiBy E65 1024.1024.Tibit/m E66 1024.1024.Tibit/m2 E67 1024.1024.Tibit/m3 E69 Gibit/m E70 Gibit/m2
    E71 Gibit/m3 E72 Kibit/m E73 Kibit/m2 E74 Kibit/m3 E75 Mibit/m E76 Mibit/m2 E77 Mibit/m3 E80 1024.Tibit/m
    E81 1024.Tibit/m2 E82 1024.Tibit/m3 E85 Tibit/m E86 Tibit/m3 E87 Tibit/m2 E88 bit/m E89 bit/m2 F01 bit/m3 E37 {pixel}
    E38 10*6.{pixel} E39 {dot}/[in_i] J38 Bd K50 kBd J54 MBd SG 64000.By Q14 bit_s`,
  mass: `24 [lb_av]{theoretical} 58 kg{net} A47 dtex A49 [den] D34 tex B3 [lb_av]{batting} CCT t CNT [scwt_av]
    CTG g{content} CTM [car_m] CTN t{content} D23 g{protein} DB [lb_av]{dry} DRA [dr_ap] DRI [dr_av] DWT [pwt_tr]
    E4 kg{gross} GDW g{dry} GFI g{fissile} GIC g{with-container} GIP g{with-packaging} GT [lton_av] HDW 100.kg{dry}
    HKM 100.kg{net} KCC kg{choline-chloride} KDW kg{drained} KHY kg{H2O2} KI kg/mm KIC kg{with-container}
    KIP kg{with-packaging} KMA kg{methylamine} KNI kg{N} KNS kg{named-substance} KO mg{KOH}/g KPH kg{KOH} KPO kg{K2O}
    KPP kg{P2O5} KSD kg{90%-dry} KSH kg{NaOH} KUR kg{U} KWO kg{WO3} LBT [lb_tr] LP [lb_av]{liquid} LUB t{lubricating-oil}
    MD t{air-dry} MND kg{dry} NT [ston_av] ODE kg{CFC-11-equivalent} ODG g{ODP} ODK kg{ODP} ODM mg{ODP} OZ [oz_av]
    QTR 28.[lb_av] SCR [sc_ap] TAN mg{KOH}/g TIC t{with-container} TIP t{with-packaging} TKM t.km TMS kg{meat}
    W2 kg{wet} WB [lb_av]{wet} 38 [oz_av]/[sft_i]/(10*-2.[in_i]) 64 [psi]{gauge} E44 kgf.m/cm2`,
  lengthAreaVolume: `56 100.m2 5E 10*6.[cft_i]{standard}/d B1 [bbl_us]/d B4 36.[gal_br] BB 31360.[sin_i] BFT [bf_i]
    BP 100.[bf_i] MBF 1000.[bf_i] DMO kL{standard} E17 [cft_i]/s E19 3305.10*-3.m2 E31 m2/L E32 L/h E52 [ft_i]/{run}
    E90 cm-1 EQ [gal_us]{equivalent} FBM m{fibre} FC 1000.[cft_i] FF 100.m3 GB [gal_us]/d GIA [gil_us] GII [gil_br]
    GRT 100.[cft_i] NTT 100.[cft_i] H80 1750.[mil_i] H82 [pnt] HH 100.[cft_i] HMQ 10*6.m3 HPA hL{pure-alcohol} JPS 100.m
    LF [ft_i]{linear} LK [lk_us] LM m{linear} LPA L{pure-alcohol} LY [yd_i]{linear} N3 [pnt_pr] PFL L{proof}
    PGL [gal_us]{proof} Q24 [in_i]-1 Q25 m-1 Q36 m2/m3 R1 [pca_pr] R9 1000.m3 SQR 100.[sft_i] STL L{standard}
    TI 1000.[sin_i] TQD 1000.m3/d WCD [crd_us] WG [gal_us] WSD 165.[cft_i] WW mL{water}`,
  physics: `66 Oe 76 G 78 kG B65 Mx 2G V{AC} 2H V{DC} 5J [HP] C79 kV.A.h D03 kW.h/h D78 MJ/s E07 MW.h/h E08 MW/Hz
    E11 Gcal E16 10*6.[Btu_IT]/h E46 kW.h/m3 E47 kW.h/K K1 kW K2 kV.A{reactive} K3 kV.A.h{reactive} MAH MV.A.h{reactive}
    M9 10*6.[Btu_IT]/(1000.[cft_i]) N1 cal{pen} P88 P-1 P89 [lbf_av].[ft_i]/[in_i] P90 [lbf_av].[in_i]/[in_i]
    P91 572135.10*-16.kg/(m2.Pa.s) P92 574525.10*-16.kg/(m2.Pa.s) P96 V-1 P97 rad-1 Q10 J/T Q20 s/kg Q21 W.m2
    Q22 /(Hz.rad.m3) Q23 Wb-1 Q27 N.m/m Q28 kg/(m2.Pa.s) VA V.A/kg WA W/kg`,
} as const;

/** Common codes that have no UCUM code, by the reason why. */
export const withoutUcum = {
  'a scale of its own (empirical, or a logarithm UCUM does not define)': `AWG M19 C59 C69 D15 P41 J13 J14 J15 J16 J17 J18
    J27 J31 PLA ISD Q15 Q16 Q17 Q18 Q19 ASM ASU`,
  'a level per length or time: UCUM does not allow a logarithmic unit in a product': `P43 H51 H52 C51`,
  'a broken or variable power, which UCUM does not have': `H41 P98 P99`,
  'a Gaussian quantity, whose dimension differs from that of the SI quantity': `A77 A78 A79 A80 A81 A82 A83`,
  'a ton that is not said to be metric, long or short': `27 A43 DPT DT E28 FL SHT WE`,
  'no fixed size: agreed, typical or dependent on what is measured': `14 1I A9 A75 D04 DEC H77 HA NIL NL QR RM RP RT ZZ`,
  money: `LS M4`,
} as const;
