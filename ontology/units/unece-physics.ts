/**
 * Common codes of UNECE Recommendation 20, revision 17, levels 1 and 2 (heat, electricity, light, chemistry, radiation),
 * each followed by its UCUM code.
 *
 * Origin: UNECE Recommendation 20, Annexes I to III (codes are facts; names and texts are left out).
 */
export const physicsCodes = {
  temperature: `KEL K CEL Cel H12 K/h F60 K/bar E98 K/K H13 K/min H14 K/s F61 K/bar F10 K/h F02 K/K F11 K/min F12 K/s
    N79 K/Pa J20 [degR]/K J21 [degR]/bar J26 [degR]-1 A48 [degR] FAH [degF] J23 [degR]/h J24 [degR]/min J25 [degR]/s
    J28 [degR]/h J29 [degR]/min J30 [degR]/s C91 K-1 M20 MK-1 D18 m.K`,
  energy: `JOU J KJO kJ A68 EJ C68 PJ D30 TJ GV GJ 3B MJ C15 mJ A70 fJ A13 aJ WHR W.h MWH MW.h KWH kW.h GWH GW.h D32 TW.h
    KWY kW.a A53 eV B71 MeV A85 GeV B29 keV A57 erg 85 [ft_i].[lbf_av] N46 [lb_av].[ft_i]2/s2 N47 [lb_av].[ft_i].[in_i]/s2
    J55 W.s BTU [Btu_IT] A1 cal_[15] D70 cal_IT J39 [Btu_m] J75 cal_m K51 kcal_m E14 kcal_IT K53 kcal_th N66 [Btu_39]
    N67 [Btu_59] N68 [Btu_60] N69 cal_[20] N70 10*15.[Btu_IT] N71 10*5.[Btu_IT] N72 105480400.J D35 cal_th
    KWN kW.h/m3{normal} KWS kW.h/m3{standard} Q41 J/m3{normal} Q42 J/m3{standard} B18 J.s N91 J-1 B8 J/m3 JM MJ/m3
    B14 J/m4 B13 J/m2 E43 J/cm2 P37 [Btu_IT]/[sft_i] P38 [Btu_th]/[sft_i] P39 cal_th/cm2 P40 cal_th/cm2 A60 erg/cm3
    B12 J/m A54 eV/m A58 erg/cm D73 J.m2 A55 eV.m2 A66 erg.cm2 B20 J.m2/kg A56 eV.m2/kg A67 erg.cm2/g C90 J-1/m3
    C88 eV-1/m3`,
  power: `WTT W KWT kW MAW MW A90 GW C31 mW D80 uW C49 nW C75 pW D31 TW F80 746043.mW A63 erg/s A74 [ft_i].[lbf_av]/s
    B39 kgf.m/s HJ 75.kgf.m/s A25 75.kgf.m/s BHP [HP] K15 [ft_i].[lbf_av]/h K16 [ft_i].[lbf_av]/min K42 9809500.mW
    N12 75.kgf.m/s K43 746.W P14 J/s P15 J/min P16 J/h P17 J/d P18 kJ/s P19 kJ/min P20 kJ/h P21 kJ/d Q35 MW/min
    2I [Btu_IT]/h J44 [Btu_IT]/min J45 [Btu_IT]/s J47 [Btu_th]/h J51 [Btu_th]/min J52 [Btu_th]/s J81 cal_th/min
    J82 cal_th/s E15 kcal_th/h K54 kcal_th/min K55 kcal_th/s D54 W/m2 N48 W/cm2 N49 W/[sin_i] N50 [Btu_IT]/([sft_i].h)
    N51 [Btu_th]/([sft_i].h) N52 [Btu_th]/([sft_i].min) N53 [Btu_IT]/([sft_i].s) N54 [Btu_th]/([sft_i].s)
    N55 [Btu_IT]/([sin_i].s) N56 cal_th/(cm2.min) N57 cal_th/(cm2.s) H47 W/m3 H74 W/m D57 W/sr D58 W/(sr.m2)
    D56 W/(m2.K4) C32 mW/m2 D85 uW/m2 C76 pW/m2 A64 erg/(s.cm2) A65 erg/(cm2.s)`,
  heatTransfer: `D53 W/(m.K) N80 W/(m.K) N81 kW/(m.K) N82 kW/(m.K) A22 [Btu_IT]/(s.[ft_i].[degR]) D71 cal_IT/(s.cm.K)
    D38 cal_th/(s.cm.K) J40 [Btu_IT].[ft_i]/(h.[sft_i].[degR]) J41 [Btu_IT].[in_i]/(h.[sft_i].[degR])
    J42 [Btu_IT].[in_i]/(s.[sft_i].[degR]) J46 [Btu_th].[ft_i]/(h.[sft_i].[degR]) J48 [Btu_th].[in_i]/(h.[sft_i].[degR])
    J49 [Btu_th].[in_i]/(s.[sft_i].[degR]) J78 cal_th/(cm.s.K) K52 kcal_IT/(m.h.K) D55 W/(m2.K) N78 kW/(m2.K)
    D72 cal_IT/(s.cm2.K) D39 cal_th/(s.cm2.K) A20 [Btu_IT]/(s.[sft_i].[degR]) A23 [Btu_IT]/(h.[sft_i].[degR])
    N74 [Btu_IT]/(h.[sft_i].[degR]) N75 [Btu_th]/(h.[sft_i].[degR]) N76 [Btu_IT]/(s.[sft_i].[degR])
    N77 [Btu_th]/(s.[sft_i].[degR]) D19 m2.K/W J19 [degR].h.[sft_i]/[Btu_th] J22 [degR].h.[sft_i]/[Btu_IT]
    J83 155.10*-3.m2.K/W L14 m2.h.K/kcal_IT B21 K/W H35 K.m/W N84 [degR].h/[Btu_IT] N85 [degR].h/[Btu_th]
    N86 [degR].s/[Btu_IT] N87 [degR].s/[Btu_th] N88 [degR].h.[sft_i]/([Btu_IT].[in_i])
    N89 [degR].h.[sft_i]/([Btu_th].[in_i]) D52 W/K JE J/K B41 kJ/K J43 [Btu_IT]/([lb_av].[degR])
    J50 [Btu_th]/([lb_av].[degR]) J76 cal_IT/(g.K) J79 cal_th/(g.K) N60 [Btu_IT]/[degR] N61 [Btu_th]/[degR]
    N62 [Btu_IT]/[degR] N63 [Btu_th]/[degR] N64 [Btu_th]/[degR]/[lb_av] N65 kcal_IT/K/g B11 J/(kg.K) B43 kJ/(kg.K)
    A21 [Btu_IT]/([lb_av].[degR]) D76 cal_IT/(g.K) D37 cal_th/(g.K) J2 J/kg D95 J/g JK MJ/kg B42 kJ/kg Q31 kJ/g
    AZ [Btu_IT]/[lb_av] D75 cal_IT/g N73 [Btu_th]/[lb_av] B36 cal_th/g N58 [Btu_IT]/[cft_i] N59 [Btu_th]/[cft_i]`,
  electricity: `AMP A B22 kA H38 MA 4K mA B84 uA C39 nA C70 pA N96 Bi N97 Gb COU C A8 A.s H32 A2.s AMH A.h TAH kA.h D77 MC
    D86 mC B26 kC B86 uC C40 nC C71 pC E09 mA.h N95 A.min A29 C/m3 A84 GC/m3 A30 C/mm3 B69 MC/m3 A28 C/cm3 B27 kC/m3
    D88 mC/m3 B87 uC/m3 A34 C/m2 B70 MC/m2 A35 C/mm2 A33 C/cm2 B28 kC/m2 D89 mC/m2 B88 uC/m2 P10 C/m D50 V/m H45 V.s/m
    D45 V2/K2 D51 V/mm H24 V/us H62 mV/min H46 V/s B79 MV/m B55 kV/m D47 V/cm C30 mV/m C3 uV/m G60 V/bar N98 V/Pa
    F87 V/(L.min) H22 V/[psi] H23 V/[in_i] VLT V B78 MV KVT kV 2Z mV D82 uV N99 pV FAR F H48 aF C10 mF 4O uF C41 nF
    4T pF N90 kF A69 F/m H28 uF/km H33 F/km B89 uF/m C42 nF/m C72 pF/m A26 C.m A41 A/m2 H31 A/kg B66 MA/m2 A7 A/mm2
    A4 A/cm2 B23 kA/m2 G59 mA/(L.min) N93 A/Pa F57 mA/[psi] F59 mA/bar AE A/m B24 kA/m A3 A/mm A2 A/cm F76 mA/mm
    F08 mA/[in_i] D48 V/K D49 mV/K A6 A/(m2.K2) A27 C.m2/V D46 V.A MVA MV.A KVA kV.A M35 mV.A D44 V.A{reactive}
    K5 kV.A{reactive} KVR kV.A{reactive} MAR MV.A{reactive} M30 /(V.A.s) M21 /(kV.A.h) N94 3335641.10*-16.C`,
  magnetism: `D33 T C29 mT D81 uT C48 nT P13 kT P12 nT WEB Wb C33 mWb P11 kWb D59 Wb/m B56 kWb/m D60 Wb/mm P50 Wb.m
    81 H C14 mH B90 uH C43 nH C73 pH P24 kH H03 H/kOhm H04 H/Ohm G98 uH/kOhm G99 uH/Ohm H05 mH/kOhm H06 mH/Ohm A98 H/m
    B91 uH/m C44 nH/m A5 A.m2 A10 A.m2/(J.s) C89 H-1 P53 1256637.10*-13.Wb`,
  resistance: `OHM Ohm A87 GOhm B75 MOhm H44 TOhm B49 kOhm E45 mOhm B94 uOhm P22 nOhm M26 GOhm/m SIE S B53 kS C27 mS B99 uS
    G42 uS/cm G43 uS/m N92 pS NQ S NR uS C61 Ohm.m A88 GOhm.m B76 MOhm.m H88 MOhm.km B50 kOhm.m C60 Ohm.cm C23 mOhm.m
    B95 uOhm.m C46 nOhm.m M24 Ohm.km P23 Ohm.[cml_i]/[ft_i] F56 Ohm/km H26 Ohm/m H37 MOhm/m F54 mOhm/m H36 MOhm/km
    F55 Ohm/[mi_i] D10 S/m H43 S/cm H61 mS/cm B77 MS/m B54 kS/m G45 nS/m G44 nS/cm L42 pS/m D12 S.m2/mol`,
  light: `CDL cd P33 kcd P34 mcd P35 903.10*-3.cd P36 1019.10*-3.cd LUM lm B62 lm.s B59 lm.h A24 cd/m2 P28 cd/[sin_i]
    P29 cd/[sft_i]/[pi] P30 Lmb P31 sb P32 cd/[sft_i] B60 lm/m2 LUX lx KLX klx P25 lm/[sft_i] P26 10*4.lx P27 lm/[sft_i]
    B64 lx.s B63 lx.h B61 lm/W`,
  level: `C50 Np 2N dB M72 B Q30 [pH]`,
  chemistry: `C34 mol B45 kmol C18 mmol FH umol P44 [lb_av].mol/g C95 mol-1 D74 kg/mol A94 g/mol A40 m3/mol A37 dm3/mol
    A36 cm3/mol B58 L/mol B15 J/mol B44 kJ/mol B16 J/(mol.K) C36 mol/m3 C38 mol/L C35 mol/dm3 B46 kmol/m3 E95 mol/s
    M33 mmol/L P51 mol/kg/Pa P52 mol/m3/Pa K59 kmol/m3/K K60 kmol/m3/bar L24 mol/kg/K L25 mol/kg/bar L26 mol/L/K
    L27 mol/L/bar L28 mol/m3/K L29 mol/m3/bar C19 mol/kg D87 mmol/kg H68 mmol/g P47 kmol/kg P48 [lb_av].mol/g/[lb_av]
    KAT kat E94 kmol/s P45 [lb_av].mol/g/s P46 [lb_av].mol/g/min A32 C/mol K58 kmol/h K61 kmol/min L23 mol/h L30 mol/min
    C82 rad.m2/mol C83 rad.m2/kg C62 1`,
  radiation: `CUR Ci MCU mCi M5 uCi 2R kCi BQL Bq GBQ GBq 2Q kBq 4N MBq H08 uBq A42 Ci/kg A18 Bq/kg B67 MBq/kg B25 kBq/kg
    A19 Bq/m3 A95 Gy C13 mGy C80 RAD A61 erg/g D13 Sv C28 mSv D91 REM L31 mREM A96 Gy/s A62 erg/g/s CKG C/kg C8 mC/kg
    2C R 2Y mR J53 C.m2/kg KR kR A31 C/(kg.s) D6 R/s P54 mGy/s P55 uGy/s P56 nGy/s P57 Gy/min P58 mGy/min P59 uGy/min
    P60 nGy/min P61 Gy/h P62 mGy/h P63 uGy/h P64 nGy/h P65 Sv/s P66 mSv/s P67 uSv/s P68 nSv/s P69 REM/s P70 Sv/h
    P71 mSv/h P72 uSv/h P73 nSv/h P74 Sv/min P75 mSv/min P76 uSv/min P77 nSv/min`,
} as const;
