use jiaokan::pass::Pipeline; use jiaokan::rule::Pack; use std::time::Instant;
fn main(){ let pack=Pack::built_in().unwrap(); 
 let only=|name:&'static str| Pipeline::with(&pack, move |r| &*r.id==name).unwrap();
 let none=Pipeline::with(&pack, |r| &*r.id=="repair/radicals").unwrap();
 for f in std::env::args().skip(1){ let t=std::fs::read_to_string(&f).unwrap(); let n=t.chars().count() as f64;
  let mut base=f64::MAX; for _ in 0..3 { let s=Instant::now(); none.read(&t); base=base.min(s.elapsed().as_nanos() as f64/n);} 
  print!("{f}: read {base:.2}"); 
  for r in ["repair/mojibake","repair/entity","repair/escape","garble/private-use","garble/replacement-character","garble/kun-jin-kao","garble/cid","repair/radicals"]{ let p=only(r); p.detect("abc涓鐨勫湪"); let mut b=f64::MAX; for _ in 0..3 { let s=Instant::now(); p.detect(&t); b=b.min(s.elapsed().as_nanos() as f64/n);} print!("  {r} {:.2}",b-base);} println!(); } }
